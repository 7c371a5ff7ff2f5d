using Tiebreak.Core;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>
/// Whether ratings exist: finite maximum likelihood strengths do exactly if no models can be split off that never lost to the others, or
/// never met them (Ford 1957; a tie counts as a win and a loss). Found as strongly connected components of the graph "lost to".
/// </summary>
internal sealed class Connectivity
{
    private const int Named = 5;

    private readonly IReadOnlyList<string> _names;

    private Connectivity(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<int>> groups, IReadOnlyList<IReadOnlyList<int>> islands)
    {
        _names = names;
        Groups = groups;
        Islands = islands;
    }

    /// <summary>Models among which ratings exist, the unbeaten groups first; one group if ratings exist for all.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups { get; }

    /// <summary>Models that are linked by votes at all; one island if nobody is cut off. The largest comes first.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Islands { get; }

    /// <summary>True if maximum likelihood ratings exist for all models.</summary>
    public bool RatingsExist => Groups.Count == 1;

    /// <summary>Examines votes; those of weight 0 do not count.</summary>
    public static Connectivity Of(VoteCounts counts)
    {
        var n = counts.Models.Count;
        var (lostTo, beat, met) = (Lists(n), Lists(n), Lists(n));
        for (var pair = 0; pair < counts.Pairs; pair++)
        {
            var (i, j) = (counts.First[pair], counts.Second[pair]);
            var weights = counts.Weights.AsSpan(VoteCounts.Outcomes * pair, VoteCounts.Outcomes);
            var isTied = weights[2] + weights[3] > 0;
            if (weights[0] > 0 || isTied)
                Link(j, i);
            if (weights[1] > 0 || isTied)
                Link(i, j);
        }

        return new Connectivity(
            counts.Models,
            StrongComponents(lostTo, beat),
            [.. Components(met, Enumerable.Range(0, n)).OrderByDescending(island => island.Count)]);

        void Link(int loser, int winner)
        {
            lostTo[loser].Add(winner);
            beat[winner].Add(loser);
            met[loser].Add(winner);
            met[winner].Add(loser);
        }
    }

    /// <summary>Says which models stand in the way of ratings.</summary>
    /// <exception cref="InputException">Ratings do not exist.</exception>
    public void ThrowIfRatingsDoNotExist()
    {
        if (RatingsExist)
            return;

        const string Fix = "Leave such models out with `exclude`, add votes, or give `penalty` 0.1, which keeps ratings finite.";
        if (Islands.Count > 1)
        {
            throw Undefined(
                $"The votes fall into {Islands.Count} groups of models that never met, so that ratings cannot be compared: " +
                $"{string.Join("; ", Islands.Skip(1).Take(Named).Select(Names))} never met {Names(Islands[0])}. {Fix}");
        }

        var (top, bottom) = (Groups[0], Groups[^1]);
        var isTop = top.Count <= bottom.Count;
        var others = _names.Count - (isTop ? top : bottom).Count;
        throw Undefined(
            $"Ratings do not exist: {Names(isTop ? top : bottom)} {(isTop ? "never lost to or tied with" : "never beat or tied with")} " +
            $"{(others == 1 ? "the other model" : $"any of the other {others} models")}, " +
            $"so that {(isTop ? "no rating is too high" : "no rating is too low")}. {Fix}");

        static InputException Undefined(string message) =>
            new(message) { Code = ErrorCodes.RatingsUndefined, Parameters = ["exclude", "penalty"] };
    }

    private string Names(IReadOnlyList<int> models) => Shortened.List(models.Select(model => _names[model]), Named);

    // Kosaraju and Sharir: models in the order in which a search along "lost to" leaves them, latest first; then searches against the
    // arrows.
    private static List<IReadOnlyList<int>> StrongComponents(List<int>[] lostTo, List<int>[] beat)
    {
        var order = new List<int>();
        foreach (var component in Components(beat, Enumerable.Range(0, beat.Length)))
            order.AddRange(component);
        order.Reverse();

        // Searching along "lost to" from the latest: what nobody outside has beaten comes out first.
        return [.. Components(lostTo, order)];
    }

    /// <summary>
    /// Models that can be reached from each start and were not reached before, in the order in which a depth-first search leaves them.
    /// </summary>
    private static IEnumerable<IReadOnlyList<int>> Components(List<int>[] links, IEnumerable<int> starts)
    {
        var isSeen = new bool[links.Length];
        foreach (var start in starts)
        {
            if (isSeen[start])
                continue;

            var (left, path) = (new List<int>(), new Stack<(int Model, int Next)>());
            isSeen[start] = true;
            path.Push((start, 0));
            while (path.TryPop(out var place))
            {
                var (model, next) = place;
                while (next < links[model].Count && isSeen[links[model][next]])
                    next++;
                if (next == links[model].Count)
                {
                    left.Add(model);
                    continue;
                }

                path.Push((model, next + 1));
                isSeen[links[model][next]] = true;
                path.Push((links[model][next], 0));
            }

            yield return left;
        }
    }

    private static List<int>[] Lists(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
}
