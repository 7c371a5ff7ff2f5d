using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Searching;

/// <summary>What a search has found: all trials, and the best of them.</summary>
public sealed class SearchDocument : IDocument
{
    private const int RecipeItself = 1;

    private readonly SearchRecipe _search;
    private readonly IReadOnlyList<SearchRound> _rounds;

    internal SearchDocument(
        SearchRecipe search,
        IReadOnlyList<JsonObject> values,
        IReadOnlyList<SearchRound> rounds,
        IReadOnlyDictionary<(int Trial, int Divisor), TrialScore> scores,
        LabelledBattles heldOut,
        JobContext context)
    {
        (_search, _rounds) = (search, rounds);
        (HeldOut, Prompts, Seed) = (heldOut.Count, heldOut.Groups.Distinct().Count(), context.Seed);
        Trials =
        [
            .. from number in Enumerable.Range(1, values.Count)
               let ofTrial = rounds.Select(round => scores.GetValueOrDefault((number, round.Divisor))).ToArray()
               let reached = ofTrial.Count(score => score is not null)
               orderby reached descending, ofTrial[reached - 1]!.LogLoss, number
               select new SearchedTrial(
                   number,
                   values[number - 1],
                   [.. ofTrial.Select(score => score?.LogLoss)],
                   ofTrial.Sum(score => score?.Seconds ?? 0),
                   ofTrial[reached - 1]!.Failure),
        ];
        Best = Trials[0].Trial;
        if (scores[(Best, 1)].LogLosses is not { } best)
            throw new TiebreakException($"No trial could be trained to its end. The last one says: {scores[(Best, 1)].Failure}");

        if (scores[(RecipeItself, 1)].LogLosses is { } asItIs && Best != RecipeItself)
        {
            double[] differences = [.. best.Zip(asItIs, (loss, other) => loss - other)];
            Difference = differences.Average();
            DifferenceInterval = ClusterBootstrap.OfMean(differences, heldOut.Groups, context.Seed, threads: context.Threads);
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Search from the recipe {Path.GetFileName(_search.Recipe)}";

    /// <summary>The recipe that was written.</summary>
    public string Out => _search.Out;

    /// <summary>The number of the best trial; 1 is the recipe as it was given.</summary>
    public int Best { get; }

    /// <summary>The trials, the best first.</summary>
    public IReadOnlyList<SearchedTrial> Trials { get; }

    /// <summary>The log loss of the best trial minus that of the recipe as it was given; null where that is the best, or failed.</summary>
    public double? Difference { get; }

    /// <summary>The paired 95 % interval of the difference, by bootstrap over prompts.</summary>
    [JsonPropertyName("difference_ci")]
    public Interval? DifferenceInterval { get; }

    /// <summary>Battles that the trials were scored on.</summary>
    public int HeldOut { get; }

    /// <summary>Prompts that these are about.</summary>
    public int Prompts { get; }

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph(
            $"{Quantity.Of(Trials.Count, "trial")} (seed {Seed.ToString(CultureInfo.InvariantCulture)}), scored on "
                + $"{Quantity.Of(HeldOut, "held-out battle")} of {Quantity.Of(Prompts, "prompt")}. "
                + (_rounds.Count == 1
                    ? "All learned from all other battles."
                    : $"Rounds of {string.Join(", ", _rounds.Select(round => $"{round.Trials} on {round.Part}"))} of the other prompts; "
                        + "trials that were not among the best of a round went no further."));
        string[] keys = [.. Trials.SelectMany(trial => trial.Values.Select(value => value.Key)).Distinct(StringComparer.Ordinal)];
        yield return new TextTable(
            "Trials, the best first: log loss on the held-out battles after learning from a part of the prompts",
            ["Trial", .. _rounds.Reverse().Select(round => round.Part), .. keys.Select(key => key.Replace('.', '\n')), "Seconds"],
            [.. Trials.Select(trial => RowOf(trial, keys))]);
        foreach (var failed in Trials.Where(trial => trial.Failure is not null))
            yield return new Paragraph(Invariant($"Trial {failed.Trial} failed: {failed.Failure}"));
        yield return new Paragraph($"{Conclusion()} Wrote {Out}; `train` takes it.");
    }

    /// <summary>The lines above the recipe that is written.</summary>
    internal string Comment() =>
        Invariant($"# The best of {Trials.Count} variants of the recipe {Path.GetFileName(_search.Recipe)} (seed {Seed}), trial {Best}: ") +
        Invariant($"log loss {Trials[0].LogLosses[^1]:F4} on {HeldOut} held-out battles of {Prompts} prompts.\n");

    private string Conclusion()
    {
        var loss = NumberText.Loss(Trials[0].LogLosses[^1] ?? double.NaN);
        if (Best == RecipeItself)
            return $"The recipe as it is stays the best: {loss}.";
        if (Difference is not { } difference || DifferenceInterval is not { } interval)
            return Invariant($"Trial {Best} is the best: {loss}; the recipe as it is failed.");
        var certainty = interval.Upper < 0
            ? "Being the best of several flatters it; train says what it has on battles that chose nothing."
            : "That is not beyond chance: these battles do not tell the two apart.";
        return Invariant($"Trial {Best} is the best: {loss}, {NumberText.Signed(difference, 4)} from the recipe as it is ")
            + $"(paired 95 % interval {NumberText.SignedRange(interval)}). {certainty}";
    }

    private static string[] RowOf(SearchedTrial trial, string[] keys) =>
    [
        trial.Trial == RecipeItself ? "1 (as it is)" : trial.Trial.ToString(CultureInfo.InvariantCulture),
        .. trial.LogLosses.Reverse().Select(loss => loss is { } value ? double.IsFinite(value) ? NumberText.Loss(value) : "failed" : ""),
        .. keys.Select(key => trial.Values.TryGetPropertyValue(key, out var value) ? value?.ToJsonString() ?? "null" : ""),
        NumberText.Of(trial.Seconds, "F1"),
    ];
}

/// <summary>A variant of a recipe and how far it came.</summary>
/// <param name="Trial">Its number, from 1.</param>
/// <param name="Values">The values that it has for the keys that are varied; none for the recipe as it was given.</param>
/// <param name="LogLosses">Its log loss in each round, the one on all prompts last; null in rounds that it was not in.</param>
/// <param name="Seconds">How long its trainings took.</param>
/// <param name="Failure">Why its last training failed; null where it did not.</param>
public sealed record SearchedTrial(
    int Trial, JsonObject Values, IReadOnlyList<double?> LogLosses, double Seconds, string? Failure);
