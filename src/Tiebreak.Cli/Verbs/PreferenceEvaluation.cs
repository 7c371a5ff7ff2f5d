using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Data.Facts;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

/// <summary><c>evaluate --judge</c> and <c>evaluate --predictions</c>: preferences against labels.</summary>
internal sealed class PreferenceEvaluation(Session session)
{
    private const string SeenName = "seen";

    private readonly List<string> _remarks = [];

    /// <summary>Folder of a bundle, or null.</summary>
    public required string? Judge { get; init; }

    /// <summary>A file of preferences, where there is no judge.</summary>
    public required string? Predictions { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Slicings to show on the terminal.</summary>
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The page to write, or null.</summary>
    public required string? Report { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        FlipRate? flips = null;
        BattleSet set;
        Preference[] preferences;
        Slicing? seen = null;
        if (Judge is not null)
        {
            await using var bundle = await session.OpenJudgeAsync(Judge, cancellationToken);
            set = await BattleLoading.LoadAsync(session, Data, BattlePurpose.Train, cancellationToken);
            seen = FindSeen(bundle, set);
            preferences = await PredictVerb.JudgeAsync(session, bundle.Judge, set.Battles, cancellationToken);
            flips = await FlipsAsync(bundle.WithSwap(SwapPolicy.Never), set.Battles, cancellationToken);
        }
        else
        {
            set = await BattleLoading.LoadAsync(session, Data, BattlePurpose.Train, cancellationToken);
            preferences = Align(Predictions!, set);
        }

        var labelled = new LabelledBattles(set.Battles);
        var slicings = Cut(set.Battles, cancellationToken);
        var evaluation = DetailedEvaluation.Create(
            preferences, labelled, seen is null ? slicings : [seen, .. slicings], session.Seed, session.Threads);
        var json = EvaluationJson.ToJson(evaluation);
        AddFlips(json, flips);
        json["problems"] = ProblemList.ToJson(set);
        Show(evaluation);
        if (Report is not null)
        {
            var page = EvaluationPage.Create(Path.GetFileName(Path.TrimEndingDirectorySeparator(Judge ?? Predictions!)), _remarks, evaluation);
            AtomicFile.Write(Report, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
            session.Say($"Wrote {Report}.");
        }

        session.Emit(json);
        return TiebreakCommand.Ok;
    }

    /// <summary>Cuts battles in every way that says something about them: by source, for instance, only where the data names any.</summary>
    private List<Slicing> Cut(IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        var showsAll = session.Json || Report is not null;
        List<SliceKey> keys = [.. SliceKey.ForReports.Where(key => showsAll || By.Contains(key.Name, StringComparer.Ordinal))];
        if (keys.Count == 0)
            return [];

        var facts = BattleFacts.Of(battles, session.Threads, cancellationToken: cancellationToken);
        return [.. keys.Select(key => key.Cut(facts)).Where(slicing => slicing.Slices.Count > 0)];
    }

    private void Show(DetailedEvaluation evaluation)
    {
        EvaluationTables.Show(session, Judge ?? Predictions!, evaluation.Result, evaluation.Baselines);
        session.Say(EvaluationTables.Refit(evaluation.Refit));
        foreach (var remark in _remarks)
            session.Say(remark);
        foreach (var (slicing, results) in evaluation.Slices.Where(slices => slices.Slicing.Name is SeenName || By.Contains(slices.Slicing.Name, StringComparer.Ordinal)))
        {
            session.ShowNarrowed(EvaluationTables.Slices(slicing, results));
            if (EvaluationTables.LeftOut(results) is { } leftOut)
                session.Say(leftOut);
        }
    }

    /// <summary>Cuts battles by whether the judge was trained on them; null where it was trained on none, or does not say.</summary>
    private Slicing? FindSeen(Bundle bundle, BattleSet set)
    {
        var known = set.Files.Where(file => bundle.Manifest.Data.Any(trained => string.Equals(trained.Sha256, file.Sha256, StringComparison.Ordinal))).ToList();
        foreach (var file in known)
            session.Warn($"the judge was trained on {file.File} itself: this score says nothing about new battles. The out-of-fold score of `tiebreak train` does.");
        if (bundle.ReadSeen() is not { } seen)
        {
            _remarks.Add("The bundle does not say which battles its judge was trained on, so nobody checked whether it has seen these.");
            return null;
        }

        Slice[] slices =
        [
            .. Enumerable.Range(0, set.Battles.Count)
                .GroupBy(i => seen.HasBattle(set.Battles[i]) ? (0, "trained on the battle") : seen.HasPrompt(set.Battles[i]) ? (1, "trained on its prompt") : (2, "new to the judge"))
                .OrderBy(group => group.Key.Item1).Select(group => new Slice(group.Key.Item2, [.. group])),
        ];
        int Rows(string name) => slices.FirstOrDefault(slice => string.Equals(slice.Name, name, StringComparison.Ordinal))?.Rows.Count ?? 0;
        var (battles, prompts) = (Rows("trained on the battle"), Rows("trained on its prompt"));
        if (battles + prompts == 0)
        {
            _remarks.Add("The judge was trained on none of these battles, nor on others about their prompts.");
            return null;
        }

        var more = prompts > 0 ? $", and on others about the prompts of {prompts:N0} more" : "";
        var rest = battles + prompts < set.Battles.Count ? "only the loss on the rest speaks of new battles." : "nothing here speaks of new battles.";
        var remark = $"The judge was trained on {battles:N0} of these {set.Battles.Count:N0} battles{more}: {rest}";
        if (known.Count < set.Files.Count) // that it was trained on all files has been said
            session.Warn(remark);
        _remarks.Add(remark);
        return new Slicing(SeenName, "What the judge has seen", slices);
    }

    private void AddFlips(JsonObject json, FlipRate? flips)
    {
        if (flips is not { } rate)
            return;

        _remarks.Add(rate.Verdicts == 0 && rate.MeanShift == 0
            ? "Order of A and B: this judge is symmetric, no verdict depends on it."
            : $"Order of A and B: exchanging them flips {rate.Verdicts:P1} of single-order verdicts and moves P(A) by {rate.MeanShift:F4} on average; " +
              $"the side shown first gets {Signed.Format(rate.PreferenceForFirst, 4)} more.");
        json["flip_rate"] = rate.Verdicts;
        json["flip_mean_shift"] = rate.MeanShift;
        json["preference_for_first"] = rate.PreferenceForFirst;
    }

    private async Task<FlipRate> FlipsAsync(IJudge oneOrder, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        if (oneOrder.Traits.IsSymmetric)
            return new FlipRate(0, 0, 0);

        var original = await PredictVerb.JudgeAsync(session, oneOrder, battles, cancellationToken);
        var swapped = await PredictVerb.JudgeAsync(session, oneOrder, [.. battles.Select(battle => battle.Swapped())], cancellationToken);
        return FlipRate.Of(original, swapped);
    }

    private static Preference[] Align(string path, BattleSet set)
    {
        var byId = SubmissionFile.Read(path).ToDictionary(row => row.Id, row => row.Preference, StringComparer.Ordinal);
        return [.. set.Battles.Select(battle => byId.TryGetValue(battle.Id, out var preference)
            ? preference
            : throw new InputException($"{path} has no row for battle {battle.Id}. Predict this very file, or run `tiebreak submission repair`."))];
    }
}
