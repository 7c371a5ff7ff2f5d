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
    /// <exception cref="InputException">There would be nothing to write, or the rule is not for this swap policy.</exception>
    public static void ThrowIfImpossible(string? path, Bundle bundle, SwapPolicy swap)
    {
        if (path is null)
            return;
        if (bundle.Judge.Traits is { EstimatesAcceptability: false, Abstains: false } && bundle.Manifest.PredictionSets is null)
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
    /// <param name="bundle">The judge.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="rowOf">What is known of each of them.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static DecisionCounts Write(string path, Bundle bundle, IReadOnlyList<Battle> battles, Func<int, DecisionRow> rowOf)
    {
        var (manifest, hasEstimates, abstained) = (bundle.Manifest, bundle.OneOrder.Traits.EstimatesAcceptability, 0);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine("id,decision,outcomes" + (hasEstimates ? ",neither_acceptable" : ""));
            for (var i = 0; i < battles.Count; i++)
            {
                var row = rowOf(i);
                var decision = row.IsJudged ? manifest.Decide(row.Preference, row.AbstainedBy) : null;
                if (decision is null)
                    abstained++;
                var set = manifest.PredictionSets is not { } sets ? []
                    : row.IsJudged ? sets.SetOf(row.Preference) : Enum.GetValues<Outcome>();
                var named = decision is { } outcome ? Name(outcome) : Abstained;
                writer.Write($"{CsvText.Quote(battles[i].Id)},{named},{string.Join(' ', set.Select(Name))}");
                writer.WriteLine(hasEstimates ? string.Create(CultureInfo.InvariantCulture, $",{row.NeitherAcceptable:R}") : "");
            }
        });
        return new DecisionCounts(path, battles.Count - abstained, abstained);
    }

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.A => "model_a",
        Outcome.B => "model_b",
        _ => "tie",
    };
}

/// <summary>What is known of a battle that a judge decides, or leaves to a person.</summary>
/// <param name="Preference">Its preference.</param>
/// <param name="IsJudged">
/// Whether that is the judge's own, made as when the rules of its bundle were fitted; they promise nothing for others.
/// </param>
/// <param name="NeitherAcceptable">How likely neither response is acceptable; null where nobody said it.</param>
/// <param name="AbstainedBy">Why an ensemble's members would leave it to a person; null where they would not.</param>
internal readonly record struct DecisionRow(Preference Preference, bool IsJudged, double? NeitherAcceptable, string? AbstainedBy);

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
