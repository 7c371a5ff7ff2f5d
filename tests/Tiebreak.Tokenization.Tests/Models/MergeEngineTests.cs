using CsCheck;
using Tiebreak.Tokenization.Models;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Tests.Models;

public sealed class MergeEngineTests
{
    private static readonly int[] AlphabetSizes = [8, 64, 512];

    /// <summary>Rules over a few tokens in any order, so that what a merge makes possible is often more urgent than itself.</summary>
    private static readonly Gen<Merge[]> Rules =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 9], Gen.Int[0, 5])
            .Select(rule => new Merge(rule.Item1, rule.Item2, rule.Item3, rule.Item4)).Array[1, 20];

    [Fact]
    public void A_long_row_merges_as_the_definition_says() => Gen.Select(Rules, Gen.Int[0, 5].Array[97, 400]).Sample((rules, symbols) =>
    {
        var (ids, ends) = (symbols.ToArray(), Enumerable.Range(1, symbols.Length).ToArray());
        var count = new MergeEngine(new PairTable(rules)).Run(ids, ends, ids.Length, new Workspace());
        var (expectedIds, expectedEnds) = ByDefinition(rules, symbols);
        Assert.Equal(expectedIds, ids[..count]);
        Assert.Equal(expectedEnds, ends[..count]);
    });

    [Theory]
    [InlineData("one letter")]
    [InlineData("one pair")]
    [InlineData("random letters")]
    public void Four_times_the_length_is_four_times_the_work(string text)
    {
        foreach (var letters in AlphabetSizes)
        {
            var engine = new MergeEngine(new PairTable(Doubling(letters)));
            var (small, large) = (Work(engine, Symbols(text, letters, 100_000)), Work(engine, Symbols(text, letters, 400_000)));
            Assert.InRange((double)large / small, 3.5, 4.5);
            // Of many letters drawn at random few neighbours may merge, and only those are work.
            Assert.InRange(large, 1, 40 * 400_000);
        }
    }

    private static long Work(MergeEngine engine, int[] ids)
    {
        var workspace = new Workspace();
        engine.Run(ids, new int[ids.Length], ids.Length, workspace);
        return workspace.Merges.Work;
    }

    /// <summary>Each of the first ids doubles five times; neighbours of different letters join in pairs.</summary>
    private static List<Merge> Doubling(int letters)
    {
        var rules = new List<Merge>();
        for (var letter = 0; letter < letters; letter++)
        {
            for (var times = 0; times < 5; times++)
                rules.Add(new Merge(letter + (times * letters), letter + (times * letters), rules.Count, letter + ((times + 1) * letters)));
            rules.Add(new Merge(letter, (letter + 1) % letters, rules.Count, (6 * letters) + letter));
        }

        return rules;
    }

    private static int[] Symbols(string text, int letters, int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(i => text switch
        {
            "one letter" => 0,
            "one pair" => i % 2,
            _ => random.Next(letters),
        })];
    }

    private static (int[] Ids, int[] Ends) ByDefinition(Merge[] rules, int[] symbols)
    {
        var byPair = new Dictionary<(int, int), Merge>();
        foreach (var rule in rules)
            byPair[(rule.Left, rule.Right)] = rule;
        var row = symbols.Select((id, i) => (Id: id, End: i + 1)).ToList();
        while (true)
        {
            var next = Enumerable.Range(0, row.Count - 1)
                .Where(i => byPair.ContainsKey((row[i].Id, row[i + 1].Id)))
                .Select(i => (At: i, Rule: byPair[(row[i].Id, row[i + 1].Id)]))
                .OrderBy(found => (found.Rule.Rank, found.Rule.Result, found.At)).FirstOrDefault((At: -1, Rule: default));
            if (next.At < 0)
                return ([.. row.Select(symbol => symbol.Id)], [.. row.Select(symbol => symbol.End)]);
            row[next.At] = (next.Rule.Result, row[next.At + 1].End);
            row.RemoveAt(next.At + 1);
        }
    }
}
