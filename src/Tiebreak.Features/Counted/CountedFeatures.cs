using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted.Groups;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Counted;

/// <summary>Works out the features that need no training: counted in the texts, or brought along as numbers.</summary>
internal sealed class CountedFeatures
{
    private readonly CountedGroup[] _groups;
    private readonly StyleFading? _fading;

    /// <summary>Chooses groups.</summary>
    /// <param name="names">Names out of <see cref="GroupNames"/>; their order does not matter.</param>
    /// <param name="numbers">The numbers that battles bring along; null where they are not used.</param>
    public CountedFeatures(IReadOnlyCollection<string> names, NumberColumns? numbers = null)
    {
        _groups = [.. All.Where(group => names.Contains(group.Name, StringComparer.Ordinal))];
        Numbers = numbers;
        Columns = [.. _groups.SelectMany(ColumnsOf), .. numbers?.Columns ?? []];
        _fading = StyleFading.Of(Columns);
    }

    /// <summary>The numbers that battles bring along, behind the columns of the groups.</summary>
    public NumberColumns? Numbers { get; }

    /// <summary>The names of all groups.</summary>
    public static IReadOnlyList<string> GroupNames => [.. All.Select(group => group.Name)];

    /// <summary>The columns of the chosen groups: of each the differences, the sums, and the numbers about the battle.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    private static CountedGroup[] All { get; } =
    [
        LengthGroup.Group, StatisticsGroup.Group, ReadabilityGroup.Group, MarkdownGroup.Group, CodeGroup.Group,
        PhrasesGroup.Group, GrammarGroup.Group, SimilarityGroup.Group, LanguageGroup.Group, TurnsGroup.Group, Groups.PromptGroup.Group,
        StyleFreeGroup.Group,
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
    /// <param name="row">Receives one number per column, and is no longer than these.</param>
    /// <exception cref="Core.InputException">The battle lacks the numbers that it should bring along.</exception>
    public void Fill(Battle battle, Span<float> row)
    {
        Numbers?.Fill(battle, row[^Numbers.Columns.Count..]);
        if (_groups.Length == 0)
            return;

        var prompt = SideText.Of(battle, turn => turn.Prompt);
        var a = SideText.Of(battle, turn => turn.ResponseA);
        var b = SideText.Of(battle, turn => turn.ResponseB);
        var rest = row;
        foreach (var group in _groups)
        {
            var count = group.Sides.Count;
            for (var k = 0; k < count; k++)
            {
                var (valueA, valueB) = (group.Sides[k].Value(a, prompt), group.Sides[k].Value(b, prompt));
                rest[k] = (float)(valueA - valueB);
                rest[count + k] = (float)(valueA + valueB);
            }

            rest = rest[(2 * count)..];
            for (var k = 0; k < group.Battles.Count; k++)
                rest[k] = (float)group.Battles[k].Value(battle, prompt, a, b);
            rest = rest[group.Battles.Count..];
        }

        _fading?.Fade(row);
    }

    private static IEnumerable<FeatureColumn> ColumnsOf(CountedGroup group) =>
    [
        .. group.Sides.Select(side => new FeatureColumn($"diff_{side.Name}", group.Name, IsAntisymmetric: true)),
        .. group.Sides.Select(side => new FeatureColumn($"sum_{side.Name}", group.Name, IsAntisymmetric: false)),
        .. group.Battles.Select(feature => new FeatureColumn(feature.Name, group.Name, IsAntisymmetric: false)),
    ];
}

/// <summary>Features that are counted in the texts alone and switched on and off together.</summary>
/// <param name="Name">The name of the group in recipes.</param>
/// <param name="Sides">Numbers about each response.</param>
/// <param name="Battles">Numbers about the battle.</param>
internal sealed record CountedGroup(string Name, IReadOnlyList<SideFeature> Sides, IReadOnlyList<BattleFeature> Battles);

/// <summary>One number about a battle as a whole, the same when A and B are exchanged.</summary>
/// <param name="Name">Lower case, underscores, no spaces.</param>
/// <param name="Value">Works it out from the battle, its prompts, and the responses of A and B.</param>
internal sealed record BattleFeature(string Name, Func<Battle, SideText, SideText, SideText, double> Value);

/// <summary>One number about a response. It enters the trees as the difference of both sides and as their sum.</summary>
/// <param name="Name">Lower case, underscores, no spaces.</param>
/// <param name="Value">Works it out from the response and the prompts of the battle.</param>
internal sealed record SideFeature(string Name, Func<SideText, SideText, double> Value)
{
    /// <summary>A count enters as ln(1 + count): differences are then ratios, and giants do not dominate.</summary>
    public static SideFeature Count(string name, Func<SideText, int> count) => new(name, (side, _) => Math.Log(1.0 + count(side)));

    /// <summary>A part of a whole, 0 where there is no whole.</summary>
    public static SideFeature Share(string name, Func<SideText, int> part, Func<SideText, int> whole) =>
        new(name, (side, _) => whole(side) == 0 ? 0 : (double)part(side) / whole(side));
}
