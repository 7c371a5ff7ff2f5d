using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class EvaluateVerb : Verb
{
    private readonly Option<string?> _judge = new("--judge") { Description = "Folder of the judge's bundle." };
    private readonly Option<string?> _predictions = new("--predictions") { Description = "Instead of a judge: a submission with its preferences." };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles, in any format that Tiebreak reads.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _by = new("--by") { Description = "Slices to show: turns, length, language, source.", AllowMultipleArgumentsPerToken = true };

    public EvaluateVerb(Surface surface)
        : base("evaluate", "Score a judge, or predictions, against what people voted, beside trivial baselines.", surface)
    {
        _by.AcceptOnlyFromAmong([.. Slice.ByName.Keys]);
        Add(_judge);
        Add(_predictions);
        Add(_data);
        Add(_by);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (folder, predictions) = (parse.GetValue(_judge), parse.GetValue(_predictions));
        if (folder is null == predictions is null)
            throw new InputException("Give either --judge BUNDLE or --predictions FILE.");

        FlipRate? flips = null;
        BattleSet set;
        Preference[] preferences;
        if (folder is not null)
        {
            await using var bundle = await Bundle.OpenAsync(folder, session.Judges, cancellationToken);
            set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_data), BattlePurpose.Train, cancellationToken);
            WarnOfTrainingData(session, bundle.Manifest, set);
            preferences = await PredictVerb.JudgeAsync(session, bundle.Judge, set.Battles, cancellationToken);
            flips = await FlipsAsync(session, bundle.WithSwap(SwapPolicy.Never), set.Battles, cancellationToken);
        }
        else
        {
            set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_data), BattlePurpose.Train, cancellationToken);
            preferences = Align(predictions!, set);
        }

        var labelled = new LabelledBattles(set.Battles);
        var result = Evaluator.Evaluate(preferences, labelled, session.Seed);
        var baselines = Baseline.Compare(preferences, labelled, session.Seed);
        var json = EvaluationJson.ToJson(result, baselines);
        EvaluationReport.Show(session, folder ?? predictions!, result, baselines);
        ShowFlips(session, json, flips);
        foreach (var name in parse.GetValue(_by) ?? [])
        {
            var slices = Evaluator.EvaluateBy(preferences, labelled, Slice.ByName[name], session.Seed);
            session.Show(EvaluationReport.Slices($"By {name}", slices));
            json[$"by_{name}"] = new JsonObject(slices.Select(slice => KeyValuePair.Create(slice.Slice, (JsonNode?)EvaluationJson.ToJson(slice.Result))));
        }

        json["problems"] = ProblemList.ToJson(set);
        session.Emit(json);
        return TiebreakCommand.Ok;
    }

    private static void ShowFlips(Session session, JsonObject json, FlipRate? flips)
    {
        if (flips is not { } rate)
            return;

        session.Say(rate.Verdicts == 0 && rate.MeanShift == 0
            ? "Order of A and B: this judge is symmetric, no verdict depends on it."
            : $"Order of A and B: exchanging them flips {rate.Verdicts:P1} of single-order verdicts and moves P(A) by {rate.MeanShift:F4} on average; " +
              $"the side shown first gets {Signed.Format(rate.PreferenceForFirst, 4)} more.");
        json["flip_rate"] = rate.Verdicts;
        json["flip_mean_shift"] = rate.MeanShift;
        json["preference_for_first"] = rate.PreferenceForFirst;
    }

    private static async Task<FlipRate> FlipsAsync(
        Session session, IJudge oneOrder, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        if (oneOrder.IsSymmetric)
            return new FlipRate(0, 0, 0);

        var original = await PredictVerb.JudgeAsync(session, oneOrder, battles, cancellationToken);
        var swapped = await PredictVerb.JudgeAsync(session, oneOrder, [.. battles.Select(battle => battle.Swapped())], cancellationToken);
        return FlipRate.Of(original, swapped);
    }

    private static void WarnOfTrainingData(Session session, BundleManifest manifest, BattleSet set)
    {
        foreach (var file in set.Files.Where(file => manifest.Data.Any(trained => string.Equals(trained.Sha256, file.Sha256, StringComparison.Ordinal))))
            session.Warn($"the judge was trained on {file.File} itself: this score says nothing about new battles. The out-of-fold score of `tiebreak train` does.");
    }

    private static Preference[] Align(string path, BattleSet set)
    {
        var byId = new Dictionary<string, Preference>(StringComparer.Ordinal);
        foreach (var row in SubmissionFile.Read(path))
            byId[row.Id] = row.Preference;
        return [.. set.Battles.Select(battle => byId.TryGetValue(battle.Id, out var preference)
            ? preference
            : throw new InputException($"{path} has no row for battle {battle.Id}. Predict this very file, or run `tiebreak submission repair`."))];
    }
}
