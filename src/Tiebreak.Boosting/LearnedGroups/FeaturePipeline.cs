using Tiebreak.Boosting.Features;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.LearnedGroups;

/// <summary>From battles to rows of features: what is counted, then what was learned.</summary>
/// <param name="counted">The counted features.</param>
/// <param name="learned">The learned groups.</param>
internal sealed class FeaturePipeline(CountedFeatures counted, IReadOnlyList<ILearnedGroup> learned)
{
    /// <summary>All columns.</summary>
    public FeatureSchema Schema { get; } = new([.. counted.Columns, .. learned.SelectMany(group => group.Columns)]);

    /// <summary>The learned groups.</summary>
    public IReadOnlyList<ILearnedGroup> Learned => learned;

    /// <summary>Works out the features of battles in parallel.</summary>
    public FeatureMatrix Extract(IReadOnlyList<Battle> battles, int threads, CancellationToken cancellationToken)
    {
        var matrix = new FeatureMatrix(battles.Count, Schema.Columns.Count);
        Parallel.For(0, battles.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
        {
            var row = matrix[i];
            var start = counted.Columns.Count;
            counted.Fill(battles[i], row[..start]);
            foreach (var group in learned)
            {
                group.Fill(battles[i], row[..counted.Columns.Count], row.Slice(start, group.Columns.Count));
                start += group.Columns.Count;
            }
        });
        return matrix;
    }

    /// <summary>Writes the files of the learned groups into a bundle.</summary>
    public async Task SaveAsync(string folder)
    {
        foreach (var group in learned)
            await group.SaveAsync(folder);
    }
}
