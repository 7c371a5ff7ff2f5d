using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Training;
using Tiebreak.Data;
using Tiebreak.Data.Comparing;
using Tiebreak.Data.Reading;

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

    /// <summary>
    /// A file to write with a weight for each battle of <see cref="Train"/>, so that it looks like <see cref="Test"/>; null for none.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>Compares.</summary>
    /// <exception cref="InputException">A file cannot be read, or has too few different prompts.</exception>
    /// <exception cref="TiebreakException">The weights cannot be written.</exception>
    public async Task<FileComparisonDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Weights is not null)
            WritableTarget.CheckFile(Weights);
        var train = await BattleFiles.LoadAsync(context, [Train], BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var test = await BattleFiles.LoadAsync(context, [Test], BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var comparison = await Task.Run(
            () => FileComparison.Of(train.Battles, test.Battles, context.Seed, context.Threads, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return new FileComparisonDocument(Train, Test, comparison, Weights is null ? null : await WeighAsync().ConfigureAwait(false));

        async Task<WrittenWeights> WeighAsync()
        {
            var (seed, threads) = (context.Seed, context.Threads);
            var weights = await Task.Run(
                () => ImportanceWeights.Of(train.Battles, test.Battles, seed, threads, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            WeightsFile.Write(Weights, train.Battles, weights);
            return new WrittenWeights(Weights, weights.Min(), weights.Max(), WeightsOrigin.EffectiveCount(weights), weights.Length);
        }
    }
}
