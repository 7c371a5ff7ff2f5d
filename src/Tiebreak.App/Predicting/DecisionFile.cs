using System.Globalization;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;

namespace Tiebreak.App.Predicting;

/// <summary>
/// The file <c>id,decision,outcomes</c>: what a judge names for every battle (<c>model_a</c>, <c>model_b</c>, <c>tie</c>), or
/// <c>abstain</c> where it leaves the battle to a person; and the outcomes that the verdict is among, where its bundle has such sets. Where
/// the judge estimates it, a column <c>neither_acceptable</c> follows: the probability that people find neither response acceptable.
/// </summary>
internal static class DecisionFile
{
    private const string Abstained = "abstain";

    /// <summary>Refuses before long work what will not be possible.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="bundle">The judge.</param>
    /// <param name="swap">The orders that are asked for.</param>
    /// <param name="hasEstimates">Whether it will be known how likely neither response is acceptable.</param>
    /// <exception cref="InputException">There would be nothing to write, or the rule is not for this swap policy.</exception>
    public static void ThrowIfImpossible(string? path, Bundle bundle, SwapPolicy swap, bool hasEstimates = false)
    {
        if (path is null)
            return;
        if (!hasEstimates && (bundle.Manifest.Abstention ?? (object?)bundle.Manifest.PredictionSets) is null)
        {
            throw new InputException(
                "The judge has no rule by which it abstains and no sets of outcomes. `tiebreak calibrate` fits them to labelled battles.");
        }

        if (bundle.Manifest.Abstention is not null && bundle.AbstentionWith(swap) is null)
        {
            throw new InputException(
                "The rule by which the judge abstains was fitted to its answers with the swap policy of its bundle, and promises nothing "
                + "for another. Leave the policy as it is.");
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="manifest">The bundle's rules.</param>
    /// <param name="ids">The ids of the battles.</param>
    /// <param name="preferences">One per id.</param>
    /// <param name="isJudged">
    /// Whether the preference of a row is the judge's own, made as when the rules were fitted; they promise nothing for others.
    /// </param>
    /// <param name="neitherAcceptable">How likely neither response is acceptable, row by row; null where nobody estimates it.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static DecisionCounts Write(
        string path, BundleManifest manifest, IReadOnlyList<string> ids, IReadOnlyList<Preference> preferences, Predicate<int> isJudged,
        IReadOnlyList<double?>? neitherAcceptable = null)
    {
        var abstained = 0;
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine("id,decision,outcomes" + (neitherAcceptable is null ? "" : ",neither_acceptable"));
            for (var row = 0; row < ids.Count; row++)
            {
                var decision = !isJudged(row) ? null
                    : manifest.Abstention is { } rule ? rule.Decide(preferences[row]) : preferences[row].Top;
                if (decision is null)
                    abstained++;
                var set = manifest.PredictionSets is not { } sets ? []
                    : isJudged(row) ? sets.SetOf(preferences[row]) : Enum.GetValues<Outcome>();
                writer.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{CsvText.Quote(ids[row])},{(decision is { } named ? Name(named) : Abstained)},{string.Join(' ', set.Select(Name))}"));
                writer.WriteLine(
                    neitherAcceptable is null ? "" : string.Create(CultureInfo.InvariantCulture, $",{neitherAcceptable[row]:R}"));
            }
        });
        return new DecisionCounts(path, ids.Count - abstained, abstained);
    }

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.A => "model_a",
        Outcome.B => "model_b",
        _ => "tie",
    };
}

/// <summary>How many battles a judge answers.</summary>
/// <param name="Out">The file of decisions that was written.</param>
/// <param name="Answered">Battles that it answers.</param>
/// <param name="Abstained">Battles that it leaves to a person.</param>
public sealed record DecisionCounts(string Out, int Answered, int Abstained)
{
    /// <summary>The same as a sentence.</summary>
    [JsonIgnore]
    internal string Summary =>
        $"Wrote {Out}: {Quantity.Of(Answered, "battle")} answered, {Quantity.Of(Abstained, "battle")} left to a person.";
}
