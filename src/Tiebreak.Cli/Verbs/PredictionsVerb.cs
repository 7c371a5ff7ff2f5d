using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Json;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class PredictionsVerb : Command
{
    public PredictionsVerb(Surface surface)
        : base("predictions", "Compare files of preferences.") => Add(new DiffVerb(surface));

    private sealed class DiffVerb : Verb
    {
        private const int ExamplesShown = 5;

        private readonly Argument<string> _first = new("first") { Description = "A submission." };
        private readonly Argument<string> _second = new("second") { Description = "Another one. Rows are matched by id, in whatever order they stand." };
        private readonly Option<string[]> _data = new("--data") { Description = "Labelled battles: says which file is better on them.", AllowMultipleArgumentsPerToken = true };

        public DiffVerb(Surface surface)
            : base("diff", "Say how two files of preferences differ, and which is better where people have voted.", surface)
        {
            Add(_first);
            Add(_second);
            Add(_data);
            Examples = ["predictions diff one.csv two.csv", "predictions diff one.csv two.csv --data train.csv"];
        }

        protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var (firstPath, secondPath) = (parse.GetRequiredValue(_first), parse.GetRequiredValue(_second));
            var (first, second) = (Read(firstPath), Read(secondPath));
            string[] onlyFirst = [.. first.Keys.Where(id => !second.ContainsKey(id))];
            string[] onlySecond = [.. second.Keys.Where(id => !first.ContainsKey(id))];
            string[] ids = [.. first.Keys.Where(second.ContainsKey)];
            if (ids.Length == 0)
                throw new InputException($"{firstPath} and {secondPath} have no id in common, so there is nothing to compare. Give predictions for the same battles.");

            var comparison = PreferenceComparison.Of([.. ids.Select(id => first[id])], [.. ids.Select(id => second[id])]);
            session.Say($"{ids.Length:N0} rows in both files{Only(firstPath, onlyFirst)}{Only(secondPath, onlySecond)}.");
            session.Show(Summary(comparison).ToTerminal());
            session.Show(Shifts(comparison).ToTerminal());
            if (comparison.MostDifferent.Count > 0)
                session.Show(Largest(comparison, ids, first, second).ToTerminal());
            var json = ToJson(comparison, ids, first, second, onlyFirst, onlySecond);
            if (parse.GetValue(_data) is { Length: > 0 } data)
            {
                var set = await BattleLoading.LoadAsync(session, data, BattlePurpose.Explore, cancellationToken);
                Judge(session, json, set, first, second);
            }

            session.Emit(json);
            return TiebreakCommand.Ok;
        }

        private static OrderedDictionary<string, Preference> Read(string path)
        {
            var rows = new OrderedDictionary<string, Preference>(StringComparer.Ordinal);
            foreach (var row in SubmissionFile.Read(path))
                rows[row.Id] = row.Preference;
            return rows;
        }

        private static string Only(string path, string[] ids) => ids.Length == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {ids.Length:N0} only in {path} ({string.Join(", ", ids.Take(ExamplesShown))}{(ids.Length > ExamplesShown ? ", ..." : "")})");

        private static void Judge(
            Session session, JsonObject json, BattleSet set, OrderedDictionary<string, Preference> first, OrderedDictionary<string, Preference> second)
        {
            var labelled = new LabelledBattles([.. set.Battles.Where(battle => battle.Target is not null && first.ContainsKey(battle.Id) && second.ContainsKey(battle.Id))]);
            var losses = LogLoss.PerRow([.. labelled.Battles.Select(battle => first[battle.Id])], labelled.Targets);
            var others = LogLoss.PerRow([.. labelled.Battles.Select(battle => second[battle.Id])], labelled.Targets);
            double[] differences = [.. losses.Zip(others, (one, other) => one - other)];
            var difference = differences.Average();
            var interval = ClusterBootstrap.OfMean(differences, labelled.Groups, session.Seed, threads: session.Threads);
            var verdict = interval.Upper < 0 ? "the first is better" : interval.Lower > 0 ? "the second is better" : "no difference is certain";
            session.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"On {labelled.Count:N0} labelled battles: log loss {losses.Average():F4} against {others.Average():F4}, first minus second {Signed.Format(difference, 4)}, paired 95 % interval {Figures.SignedRange(interval)}: {verdict}."));
            json["labelled_rows"] = labelled.Count;
            json["log_loss_first"] = MetricJson.Number(losses.Average());
            json["log_loss_second"] = MetricJson.Number(others.Average());
            json["difference"] = MetricJson.Number(difference);
            json["difference_ci"] = MetricJson.Range(interval);
        }

        private static TextTable Summary(PreferenceComparison comparison) => new(
            "Differences", ["Measure", "Value"],
            [
                ["Mean absolute difference of a probability", Figures.Loss(comparison.MeanAbsoluteDifference)],
                ["Largest difference of a probability", Figures.Loss(comparison.LargestDifference)],
                ["Mean Kullback-Leibler divergence, nats", Figures.Loss(comparison.KullbackLeibler)],
                ["Same most probable outcome", Figures.Percent(comparison.SameTop)],
            ]);

        private static TextTable Shifts(PreferenceComparison comparison) => new(
            "By outcome", ["Outcome", "Mean, first", "Mean, second", "Shift", "Correlation"],
            [.. Enum.GetValues<Outcome>().Select(outcome => new[]
            {
                outcome.ToString(), Figures.Percent(comparison.MeanFirst[outcome]), Figures.Percent(comparison.MeanSecond[outcome]),
                Signed.Format(comparison.MeanSecond[outcome] - comparison.MeanFirst[outcome], 4), Figures.Loss(comparison.Correlation[outcome]),
            })]);

        private static TextTable Largest(
            PreferenceComparison comparison, string[] ids, OrderedDictionary<string, Preference> first, OrderedDictionary<string, Preference> second) => new(
            "Largest differences", ["Id", "First: A, B, tie", "Second: A, B, tie"],
            [.. comparison.MostDifferent.Select(i => new[] { ids[i], Format(first[ids[i]]), Format(second[ids[i]]) })]);

        private static string Format(Preference preference) => string.Create(CultureInfo.InvariantCulture, $"{preference.A:F3}, {preference.B:F3}, {preference.Tie:F3}");

        private static JsonObject ToJson(
            PreferenceComparison comparison,
            string[] ids,
            OrderedDictionary<string, Preference> first,
            OrderedDictionary<string, Preference> second,
            string[] onlyFirst,
            string[] onlySecond) => new()
            {
                ["rows"] = comparison.Rows,
                ["only_in_first"] = new JsonArray([.. onlyFirst.Select(id => JsonValue.Create(id))]),
                ["only_in_second"] = new JsonArray([.. onlySecond.Select(id => JsonValue.Create(id))]),
                ["mean_absolute_difference"] = comparison.MeanAbsoluteDifference,
                ["largest_difference"] = comparison.LargestDifference,
                ["kl_divergence"] = MetricJson.Number(comparison.KullbackLeibler),
                ["same_top"] = comparison.SameTop,
                ["correlation"] = MetricJson.PerOutcome(outcome => MetricJson.Number(comparison.Correlation[outcome])),
                ["mean_first"] = MetricJson.Of(comparison.MeanFirst),
                ["mean_second"] = MetricJson.Of(comparison.MeanSecond),
                ["most_different"] = new JsonArray([.. comparison.MostDifferent.Select(i => new JsonObject
                {
                    ["id"] = ids[i],
                    ["first"] = MetricJson.Of(first[ids[i]]),
                    ["second"] = MetricJson.Of(second[ids[i]]),
                })]),
            };
    }
}
