using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data.Facts;

namespace Tiebreak.App.Evaluating;

/// <summary>Which slices of the battles an evaluation looks at.</summary>
public sealed record SliceChoice
{
    /// <summary>The names of slicings that a reader asked for, of <see cref="SliceKey.ForReports"/>.</summary>
    public IReadOnlyList<string> ShownFirst { get; init; } = [];

    /// <summary>True to cut the battles in every other way as well, as pages and machines want it.</summary>
    public bool HasAll { get; init; } = true;

    /// <summary>Cuts battles in every way that says something about them: by source, for instance, only where the data names any.</summary>
    internal IReadOnlyList<Slicing> Cut(IReadOnlyList<Battle> battles, JobContext context, CancellationToken cancellationToken)
    {
        List<SliceKey> keys = [.. SliceKey.ForReports.Where(key => HasAll || ShownFirst.Contains(key.Name, StringComparer.Ordinal))];
        if (keys.Count == 0)
            return [];

        var readsTexts = keys.Exists(key => key.ReadsTexts);
        var facts = BattleFacts.Of(battles, context.Threads, readsTexts: readsTexts, cancellationToken: cancellationToken);
        return [.. keys.Select(key => key.Cut(facts)).Where(slicing => slicing.Slices.Count > 0)];
    }
}
