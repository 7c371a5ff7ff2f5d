using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Abstention;

/// <summary>
/// Sets of outcomes that hold the verdict with a promised probability: all that the judge gives at least a certain probability (split
/// conformal prediction with the probability of the label as its score: Sadinle, Lei and Wasserman 2019). The promise is for battles from
/// the same source, on average over them and over the labelled battles that it was fitted to.
/// </summary>
public sealed record PredictionSetRule
{
    /// <summary>The share of sets that hold the verdict, above 0 and below 1.</summary>
    public required double Coverage { get; init; }

    /// <summary>The outcomes of at least this probability are in the set.</summary>
    public required double LeastProbability { get; init; }

    /// <summary>Labelled battles that the rule was fitted to.</summary>
    public required int Rows { get; init; }

    /// <summary>Whether it can have been fitted.</summary>
    [JsonIgnore]
    internal bool IsPossible => Coverage is > 0 and < 1 && LeastProbability is >= 0 and <= 1 && Rows > 0;

    /// <summary>Fits a rule.</summary>
    /// <param name="preferences">What the judge says about battles that it was not trained on.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="coverage">The share of sets that shall hold the verdict, above 0 and below 1.</param>
    public static PredictionSetRule Fit(IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, double coverage)
    {
        ArgumentNullException.ThrowIfNull(preferences);
        ArgumentNullException.ThrowIfNull(targets);
        double[] ofLabels = [.. preferences.Select((preference, i) => preference[targets[i].Top]).Order()];

        // So many of the labels may lie below; of very few battles none, and then every outcome is in the set.
        var below = (int)Math.Floor((ofLabels.Length + 1) * (1 - coverage));
        return new PredictionSetRule
        {
            Coverage = coverage,
            LeastProbability = below > 0 ? ofLabels[below - 1] : 0,
            Rows = ofLabels.Length,
        };
    }

    /// <summary>The outcomes in the set of a preference, in the order A, B, tie; the most probable one is always in it.</summary>
    public IReadOnlyList<Outcome> SetOf(Preference preference) =>
        [.. Enum.GetValues<Outcome>().Where(outcome => outcome == preference.Top || preference[outcome] >= LeastProbability)];
}
