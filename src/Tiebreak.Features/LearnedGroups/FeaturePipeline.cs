using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>From battles to rows of features: what is counted, then what was learned.</summary>
/// <param name="counted">The counted features.</param>
/// <param name="learned">The learned groups.</param>
internal sealed class FeaturePipeline(CountedFeatures counted, IReadOnlyList<ILearnedGroup> learned)
{
    private readonly StyleFading? _fading =
        StyleFading.Of([.. counted.Columns, .. learned.SelectMany(group => group.Columns)]);

    /// <summary>All columns.</summary>
    public FeatureSchema Schema { get; } = new([.. counted.Columns, .. learned.SelectMany(group => group.Columns)]);

    /// <summary>How many of the columns, the first ones, are counted.</summary>
    public int CountedColumns => counted.Columns.Count;

    /// <summary>Works out the features of battles in parallel.</summary>
    /// <exception cref="InputException">A battle lacks what a group needs.</exception>
    public FeatureMatrix Extract(IReadOnlyList<Battle> battles, int threads, CancellationToken cancellationToken)
    {
        var matrix = new FeatureMatrix(battles.Count, Schema.Columns.Count);
        ParallelLoop.For(battles.Count, threads, i => Fill(battles[i], matrix[i]), cancellationToken);
        return matrix;
    }

    /// <summary>Fades what is learned of the looks, as in every row that is extracted; what is counted has faded already.</summary>
    /// <param name="matrix">Rows of all columns, put together for the training.</param>
    public void FadeLearned(FeatureMatrix matrix)
    {
        for (var i = 0; i < matrix.Rows; i++)
            _fading?.Fade(matrix[i], from: CountedColumns);
    }

    private void Fill(Battle battle, Span<float> row)
    {
        var start = counted.Columns.Count;
        counted.Fill(battle, row[..start]);
        foreach (var group in learned)
        {
            group.Fill(battle, row.Slice(start, group.Columns.Count));
            start += group.Columns.Count;
        }

        _fading?.Fade(row, from: CountedColumns);
    }

    /// <summary>The names of the numbers that battles must bring along.</summary>
    public IReadOnlyList<string> Numbers => counted.Numbers?.Names ?? [];

    /// <summary>Writes the files of the learned groups, and what numbers are expected, into a bundle.</summary>
    public async Task SaveAsync(string folder)
    {
        if (counted.Numbers is { } numbers)
            await numbers.SaveAsync(folder).ConfigureAwait(false);
        foreach (var group in learned)
            await group.SaveAsync(folder).ConfigureAwait(false);
    }
}
