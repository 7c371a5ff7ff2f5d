using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Auditing;
using Tiebreak.Data.Facts;
using Tiebreak.Explorer.Index;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Index;

public sealed class BattleIndexTests(BattleIndexTests.Indexed indexed) : IClassFixture<BattleIndexTests.Indexed>
{
    private static readonly Gen<BattleFilter> Filters = Gen.Select(
        Gen.OneOf("", "model=gpt-9", "model=o'brien&model=llama 7b", "won=\"quoted\"", "winner=tie&winner=none", "winner=model_a"),
        Gen.OneOf("", "language=English&language=Klingon", "source=set one", "tag=code", "tag=easy&tag=code"),
        Gen.OneOf("", "turns=2-", "turns=1", "length=-100", "length=50-4000", "prompt_length=20-", "length_a=-80&tokens=10-", "length_b=15-300"),
        Gen.OneOf("", "finding=null_response", "finding=identical_responses", "finding=one_side_refuses&finding=blank_prompt"),
        (one, two, three, four) => Parse($"{one}&{two}&{three}&{four}"));

    private static readonly Gen<BattleSort> Sorts = Gen.OneOf("number", "-number", "length", "-length", "difference", "-time", "time", "turns")
        .Select(BattleSort.Parse);

    private BattleIndex Index => indexed.Index;

    [Fact]
    public void Lines_have_the_facts_of_the_library_row_by_row()
    {
        var facts = indexed.Facts;
        var page = Index.Page(BattleFilter.Everything, BattleSort.InFileOrder, 0, facts.Count);
        Assert.Equal(facts.Count, page.Total);
        Assert.Equal(facts.Select(fact => fact.Id), page.Lines.Select(line => line.Id));
        Assert.All(page.Lines.Zip(facts), pair =>
        {
            var (line, fact) = pair;
            Assert.Equal(
                (fact.ModelA, fact.ModelB, fact.Verdict, fact.Turns, fact.PromptLength, fact.LengthA, fact.LengthB, fact.Tokens),
                (line.ModelA, line.ModelB, line.Verdict, line.Turns, line.PromptLength, line.LengthA, line.LengthB, line.Tokens));
            Assert.Equal((fact.Language, fact.Source, fact.Timestamp), (line.Language, line.Source, line.Timestamp));
            Assert.Equal(
                Finding.All.Where(finding => finding.Predicate?.Invoke(fact) ?? false).Select(finding => finding.Column),
                line.Findings.Where(name => Finding.All.Single(finding => Same(finding.Column, name)).Predicate is not null));
        });
    }

    [Fact]
    public void Battles_are_read_back_as_they_were()
    {
        for (var i = 0; i < indexed.Battles.Count; i++)
            Assert.Equivalent(indexed.Battles[i], Index.At(i + 1)!.Battle, strict: true);
        Assert.Equal(8, Index.Find("id-7")!.Line.Number);
        Assert.Null(Index.Find("id-x"));
        Assert.Null(Index.At(0));
        Assert.Null(Index.At(indexed.Battles.Count + 1));
    }

    [Fact]
    public void Filters_and_orders_are_what_they_say() =>
        Gen.Select(Filters, Sorts).Sample(
            (filter, sort) =>
            {
                var expected = Expected(filter, sort);
                var page = Index.Page(filter, sort, 0, int.MaxValue);
                Assert.Equal(expected, page.Lines.Select(line => line.Number));
                Assert.Equal(expected.Length, page.Total);
                Assert.Equal(expected.Skip(3).Take(5), Index.Page(filter, sort, 3, 5).Lines.Select(line => line.Number));
            },
            iter: 30);

    [Fact]
    public void Neighbours_follow_the_order_of_the_page() =>
        Gen.Select(Filters, Sorts).Sample(
            (filter, sort) =>
            {
                var numbers = Expected(filter, sort).Take(6).ToArray();
                for (var i = 1; i < numbers.Length - 1; i++)
                    Assert.Equal(new BattleNeighbours(numbers[i - 1], numbers[i + 1]), Index.Neighbours(filter, sort, numbers[i]));
                if (numbers.Length > 0)
                    Assert.Null(Index.Neighbours(filter, sort, numbers[0]).Previous);
            },
            iter: 10);

    [Fact]
    public void Counts_are_those_of_the_battles() =>
        Filters.Sample(
            filter =>
            {
                var facts = Expected(filter, BattleSort.InFileOrder).Select(number => indexed.Facts[number - 1]).ToArray();
                var counts = Index.Counts(filter);
                Assert.Equal(facts.Length, counts.Battles);
                Assert.Equal(
                    BattleFilter.AllWinners.Select(winner => new NamedCount(winner, facts.Count(fact => Same(WinnerOf(fact), winner)))),
                    counts.Winners);
                Assert.Equal(Ranked(facts.Select(fact => fact.Language)), counts.Languages);
                Assert.Equal(Ranked(facts.SelectMany(fact => fact.Tags?.Distinct() ?? [])), counts.Tags);
                Assert.Equal(
                    Ranked(facts.SelectMany(fact => new[] { fact.ModelA, fact.ModelB }.OfType<string>().Distinct())), counts.Models);
                Assert.All(Finding.All.Where(finding => finding.Predicate is not null), finding => Assert.Contains(
                    new NamedCount(finding.Column, facts.Count(fact => finding.Predicate!(fact))), counts.Findings));
                Assert.All(counts.Lengths, lengths => Assert.Equal(facts.Length, lengths.Bins.Sum(bin => bin.Battles)));
            },
            iter: 10);

    [Fact]
    public void The_matrix_counts_pairs_and_wins()
    {
        var matrix = Index.Matrix(BattleFilter.Everything, most: 3);
        Assert.Equal(3, matrix.Models.Count);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var (one, other) = (matrix.Models[i], matrix.Models[j]);
                var those = indexed.Facts.Where(fact => i != j && fact.Verdict is not null && Fought(fact, one) && Fought(fact, other)
                    && !Same(fact.ModelA, fact.ModelB)).ToArray();
                Assert.Equal(those.Length, matrix.Battles[i, j]);
                Assert.Equal(those.Count(fact => Same(WonBy(fact), one)), matrix.Wins[i, j]);
            }
        }
    }

    [Fact]
    public void Findings_are_those_of_an_audit()
    {
        var audit = Auditor.Run([new AuditedFile("battles", indexed.Battles, [], IsTest: false)], threads: 2);
        Assert.Equal(
            audit.Findings.Select(finding => new NamedCount(finding.Finding.Column, finding.Count)),
            Index.Counts(BattleFilter.Everything).Findings);
        Assert.All(audit.Findings, finding => Assert.Equal(
            finding.Rows.Select(row => row + 1),
            Index.Page(Parse($"finding={finding.Finding.Column}"), BattleSort.InFileOrder, 0, 1_000).Lines.Select(line => line.Number)));
    }

    [Theory]
    [InlineData("paris", "Paris", "paris", "PARIS")]
    [InlineData("capi*", "capital")]
    [InlineData("\"capital of france\"", "capital of France")]
    [InlineData("hauptstadt warum", "Was ist die Hauptstadt von Frankreich, und warum")]
    [InlineData("weiss OR hauptstadt")]
    [InlineData("東京", "東京")]
    [InlineData("首都", "首都")]
    [InlineData("مرحبا", "مرحبا")]
    [InlineData("nowhere-to-be-found")]
    public void Words_are_found_where_they_occur(string search, params string[] texts)
    {
        var expected = indexed.Battles.Index().Where(row => texts.Any(text => row.Item.Turns.Any(turn =>
            $"{turn.Prompt}\n{turn.ResponseA}\n{turn.ResponseB}".Contains(text, StringComparison.Ordinal)))).Select(row => row.Index + 1);
        var page = Index.Page(Parse($"text={search}"), BattleSort.InFileOrder, 0, 1_000);
        Assert.Equal(expected, page.Lines.Select(line => line.Number));
    }

    [Fact]
    public async Task Battles_that_share_rare_words_are_similar()
    {
        using var folder = new TemporaryFolder();
        string[] prompts = ["The zebra of the savanna", "What is it?", "Does a Zebra live in the savanna?", "zebra!", "東京 is what?", "東京は?"];
        await using var index = await OddBattles.IndexAsync(folder, [.. prompts.Concat(Enumerable.Repeat("What is the time?", 20)).Select(
            (prompt, i) => new Battle { Id = $"{i}", Turns = [new Turn(prompt, "a", "b")] })]);
        Assert.Equal([3, 4], Similar(1).Take(2));
        Assert.Equal(6, Similar(5)[0]);
        Assert.Throws<InputException>(() => index.Similar(99, 5));

        int[] Similar(int number) => [.. index.Similar(number, 5).Select(line => line.Number)];
    }

    [Fact]
    public void A_search_without_a_word_is_an_error() =>
        Assert.Throws<InputException>(() => Index.Page(Parse("text=\"*"), BattleSort.InFileOrder, 0, 1));

    [Theory]
    [InlineData("selection.jsonl")]
    [InlineData("selection.parquet")]
    [InlineData("selection.csv")]
    public void A_selection_is_written_whole(string name)
    {
        using var folder = new TemporaryFolder();
        var filter = Parse("winner=tie&winner=model_a&length=20-");
        Index.Export(filter, folder[name]);
        var written = BattleSet.Load([folder[name]], new BattleReadOptions { Purpose = BattlePurpose.Explore }).Battles;
        var battles = Expected(filter, BattleSort.InFileOrder).Select(number => indexed.Battles[number - 1]).ToArray();
        Assert.Equal(battles.Select(battle => (battle.Id, battle.Verdict)), written.Select(battle => (battle.Id, battle.Verdict)));
        Assert.Equal(battles.SelectMany(battle => battle.Turns), written.SelectMany(battle => battle.Turns));
    }

    [Fact]
    public async Task A_judge_is_asked_once_and_its_preferences_can_be_filtered_and_sorted()
    {
        using var folder = new TemporaryFolder();
        var judge = new LengthJudge();
        var battles = indexed.Battles;
        await using (var index = await OddBattles.IndexAsync(folder, battles))
        {
            Assert.Throws<InputException>(() => index.Page(Parse("right=yes"), BattleSort.InFileOrder, 0, 1));
            await index.ScoreAsync("length", "one", judge, TestContext.Current.CancellationToken);
        }

        await using var again = await OddBattles.OpenAsync(folder["battles.jsonl"]);
        await again.ScoreAsync("length", "one", judge, TestContext.Current.CancellationToken);
        Assert.Equal(battles.Count, judge.Asked);
        Assert.Equal([new IndexedJudge("length", battles.Count)], again.Judges);

        var judged = battles.Select(LengthJudge.Prefer).ToArray();
        Assert.Equal(judged, Lines("", "number").Select(line => line.Preference));
        Assert.Equal(
            Numbers(i => battles[i].Verdict is { } verdict && judged[i]?.Top == verdict.ToOutcome()),
            Lines("right=yes", "number").Select(line => line.Number));
        Assert.Equal(
            Numbers(i => judged[i] is { } preference && preference[preference.Top] is >= 0.5 and <= 0.9),
            Lines("confidence=0.5-0.9&judge=length", "number").Select(line => line.Number));
        var losses = Lines("", "-loss").Select(line => line.Loss).ToArray();
        Assert.Equal(losses.OrderByDescending(loss => loss ?? double.NegativeInfinity), losses);
        Assert.Throws<InputException>(() => Lines("loss=1-&judge=other", "number"));

        await again.ScoreAsync("length", "two", judge, TestContext.Current.CancellationToken);
        Assert.Equal(2 * battles.Count, judge.Asked);

        IEnumerable<int> Numbers(Func<int, bool> isMet) => Enumerable.Range(0, battles.Count).Where(isMet).Select(i => i + 1);
        IReadOnlyList<BattleLine> Lines(string query, string sort) =>
            again.Page(Parse(query), BattleSort.Parse(sort), 0, int.MaxValue).Lines;
    }

    [Fact]
    public async Task A_file_that_is_none_is_an_error_at_once()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("no.jsonl", "{\"x\": 1}\n");
        await Assert.ThrowsAsync<InputException>(() => OddBattles.OpenAsync(path));
    }

    private static BattleFilter Parse(string query) => BattleFilter.Parse(query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1])));

    private static string WinnerOf(BattleFacts fact) => fact.Verdict is { } verdict ? VerdictText.Format(verdict) : BattleFilter.NoVerdict;

    private static IEnumerable<NamedCount> Ranked(IEnumerable<string> names) => names.CountBy(name => name)
        .OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal)
        .Select(name => new NamedCount(name.Key, name.Value));

    private int[] Expected(BattleFilter filter, BattleSort sort)
    {
        var met = indexed.Facts.Index().Where(row => Meets(row.Item, filter)).Select(row => (Number: row.Index + 1, Value: ValueOf(row.Item)));
        return
        [
            .. (sort.IsDescending ? met.OrderByDescending(row => row.Value ?? double.NegativeInfinity)
                : met.OrderBy(row => row.Value ?? double.PositiveInfinity))
                .ThenBy(row => sort.IsByNumber && sort.IsDescending ? -row.Number : row.Number).Select(row => row.Number),
        ];

        double? ValueOf(BattleFacts fact) => sort.Key switch
        {
            "length" => fact.PromptLength + fact.LengthA + fact.LengthB,
            "difference" => Math.Abs(fact.LengthA - fact.LengthB),
            "turns" => fact.Turns,
            "time" => fact.Timestamp?.ToUnixTimeSeconds(),
            _ => 0,
        };
    }

    private static bool Meets(BattleFacts fact, BattleFilter filter)
    {
        var length = fact.PromptLength + fact.LengthA + fact.LengthB;
        return filter.Models.All(model => Fought(fact, model))
            && (filter.Won is null || Same(WonBy(fact), filter.Won))
            && (filter.Winners.Count == 0 || filter.Winners.Contains(WinnerOf(fact)))
            && (filter.Languages.Count == 0 || filter.Languages.Contains(fact.Language))
            && (filter.Sources.Count == 0 || (fact.Source is { } source && filter.Sources.Contains(source)))
            && filter.Tags.All(tag => fact.Tags?.Contains(tag) ?? false)
            && filter.Findings.All(name => Finding.All.Single(finding => Same(finding.Column, name)).Predicate!(fact))
            && IsIn(fact.Turns, filter.Turns) && IsIn(length, filter.Length)
            && IsIn(fact.PromptLength, filter.PromptLength) && IsIn(fact.LengthA, filter.LengthA) && IsIn(fact.LengthB, filter.LengthB)
            && IsIn(fact.Tokens, filter.Tokens);
    }

    private static bool Fought(BattleFacts fact, string model) => Same(fact.ModelA, model) || Same(fact.ModelB, model);

    private static string? WonBy(BattleFacts fact) => fact.Verdict switch
    {
        Verdict.A => fact.ModelA,
        Verdict.B => fact.ModelB,
        _ => null,
    };

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    private static bool IsIn(double value, NumberRange? range) => !(value < range?.Least) && !(value > range?.Most);

    /// <summary>An index that all tests ask.</summary>
    public sealed class Indexed : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal IReadOnlyList<Battle> Battles { get; } = OddBattles.Create(300);

        internal IReadOnlyList<BattleFacts> Facts { get; private set; } = [];

        internal BattleIndex Index { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Facts = BattleFacts.Of(Battles, threads: 2);
            Index = await OddBattles.IndexAsync(_folder, Battles);
        }

        public async ValueTask DisposeAsync()
        {
            await Index.DisposeAsync();
            _folder.Dispose();
        }
    }
}
