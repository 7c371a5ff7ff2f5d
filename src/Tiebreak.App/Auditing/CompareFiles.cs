using Tiebreak.Core;
using Tiebreak.Data;
using Tiebreak.Data.Comparing;

namespace Tiebreak.App.Auditing;

/// <summary>
/// Says how far two files of battles differ, and by what: whether a judge trained on one can be expected to do well on the other.
/// </summary>
public sealed record CompareFiles
{
    /// <summary>The file that a judge learns from.</summary>
    public required string Train { get; init; }

    /// <summary>The file that it is for; labels are not needed.</summary>
    public required string Test { get; init; }

    /// <summary>Compares.</summary>
    /// <exception cref="InputException">A file cannot be read, or has too few different prompts.</exception>
    public async Task<FileComparisonDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var train = await BattleFiles.LoadAsync(context, [Train], BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var test = await BattleFiles.LoadAsync(context, [Test], BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var comparison = await Task.Run(
            () => FileComparison.Of(train.Battles, test.Battles, context.Seed, context.Threads, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return new FileComparisonDocument(Train, Test, comparison);
    }
}
