using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Transformers.Judges;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Tells whether a judge that is tuned further has met before what it is now to be measured by.</summary>
internal static class PretrainingLeak
{
    /// <summary>A sentence for people; null: the model is none of a judge, or has seen none of the prompts.</summary>
    /// <param name="options">Names the model and the adapter that the training begins with.</param>
    /// <param name="scored">The battles that are scored.</param>
    public static string? Find(TransformerJudgeOptions options, IReadOnlyList<Battle> scored)
    {
        if (BundleOf(options) is not { } bundle)
            return null;
        var seen = SeenBattles.Read(bundle);
        var count = scored.Count(seen.HasPrompt);
        return count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The judge {bundle}, which is tuned further, was trained or calibrated on battles about the prompts of {count} of the "
            + $"{scored.Count} battles that are scored: ")
            + "the log loss may look better than on new battles. Leave these prompts out of its training.";
    }

    // A bundle is the folder of its adapter, and holds the folder of its model.
    private static string? BundleOf(TransformerJudgeOptions options)
    {
        string?[] places = [options.Adapter, Path.GetDirectoryName(options.Model)];
        return Array.Find(places, folder => folder is not null && File.Exists(Path.Combine(folder, SeenBattles.FileName)));
    }
}
