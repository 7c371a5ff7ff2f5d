using Tiebreak.Boosting.Features.Groups;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.Features;

/// <summary>Works out the features that are counted in the texts alone.</summary>
public sealed class CountedFeatures
{
    private readonly CountedGroup[] _groups;

    /// <summary>Chooses groups.</summary>
    /// <param name="names">Names out of <see cref="GroupNames"/>; their order does not matter.</param>
    public CountedFeatures(IReadOnlyCollection<string> names)
    {
        _groups = [.. All.Where(group => names.Contains(group.Name, StringComparer.Ordinal))];
        Columns = [.. _groups.SelectMany(ColumnsOf)];
    }

    /// <summary>The names of all groups.</summary>
    public static IReadOnlyList<string> GroupNames => [.. All.Select(group => group.Name)];

    /// <summary>The columns of the chosen groups: of each the differences, the sums, and the numbers about the battle.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    private static CountedGroup[] All { get; } =
    [
        LengthGroup.Group, StatisticsGroup.Group, ReadabilityGroup.Group, MarkdownGroup.Group, CodeGroup.Group,
        PhrasesGroup.Group, GrammarGroup.Group, SimilarityGroup.Group, LanguageGroup.Group, TurnsGroup.Group, Groups.PromptGroup.Group,
    ];

    /// <summary>Works out the features of battles in parallel.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Receives the number of battles done so far.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    /// <returns><c>[battles, Columns.Count]</c>.</returns>
    public FeatureMatrix Extract(
        IReadOnlyList<Battle> battles, int threads, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var matrix = new FeatureMatrix(battles.Count, Columns.Count);
        var done = 0;
        Parallel.For(0, battles.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
        {
            Fill(battles[i], matrix[i]);
            if (Interlocked.Increment(ref done) is var count && count % 256 == 0)
                progress?.Report(count);
        });
        progress?.Report(battles.Count);
        return matrix;
    }

    /// <summary>Works out the features of one battle.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="row">Receives one number per column.</param>
    public void Fill(Battle battle, Span<float> row)
    {
        if (_groups.Length == 0)
            return;

        var prompt = SideText.Of(battle, turn => turn.Prompt);
        var a = SideText.Of(battle, turn => turn.ResponseA);
        var b = SideText.Of(battle, turn => turn.ResponseB);
        foreach (var group in _groups)
        {
            var count = group.Sides.Count;
            for (var k = 0; k < count; k++)
            {
                var (valueA, valueB) = (group.Sides[k].Value(a, prompt), group.Sides[k].Value(b, prompt));
                row[k] = (float)(valueA - valueB);
                row[count + k] = (float)(valueA + valueB);
            }

            row = row[(2 * count)..];
            for (var k = 0; k < group.Battles.Count; k++)
                row[k] = (float)group.Battles[k].Value(battle, prompt, a, b);
            row = row[group.Battles.Count..];
        }
    }

    private static IEnumerable<FeatureColumn> ColumnsOf(CountedGroup group) =>
    [
        .. group.Sides.Select(side => new FeatureColumn($"diff_{side.Name}", group.Name, IsAntisymmetric: true)),
        .. group.Sides.Select(side => new FeatureColumn($"sum_{side.Name}", group.Name, IsAntisymmetric: false)),
        .. group.Battles.Select(feature => new FeatureColumn(feature.Name, group.Name, IsAntisymmetric: false)),
    ];
}
