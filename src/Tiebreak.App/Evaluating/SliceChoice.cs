using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data.Slices;

namespace Tiebreak.App.Evaluating;

/// <summary>Which slices of the battles an evaluation looks at.</summary>
public sealed record SliceChoice
{
    /// <summary>The names of slicings that a reader asked for, of <see cref="BattleSlicer.Names"/>.</summary>
    public IReadOnlyList<string> ShownFirst { get; init; } = [];

    /// <summary>True to cut the battles in every other way as well, as pages and machines want it.</summary>
    public bool HasAll { get; init; } = true;

    internal IReadOnlyList<Slicing> Cut(IReadOnlyList<Battle> battles, JobContext context, CancellationToken cancellationToken) =>
        BattleSlicer.Cut(battles, HasAll ? BattleSlicer.Names : ShownFirst, context.Threads, cancellationToken);
}
