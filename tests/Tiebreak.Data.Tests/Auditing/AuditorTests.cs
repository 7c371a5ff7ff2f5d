using Tiebreak.Core.Battles;
using Tiebreak.Data.Auditing;
using Tiebreak.Data.Facts;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Auditing;

public sealed class AuditorTests
{
    [Fact]
    public void Every_planted_oddity_is_found_and_nothing_else()
    {
        var echo = new string('x', 50);
        Battle[] battles =
        [
            Battle("fine", "What is it?", "This.", "That.", Verdict.A),
            Battle("blank", "  ", "This.", "That.", Verdict.A),
            Battle("null", "One?", null, "That.", Verdict.B),
            Battle("empty", "Two?", "", "That.", Verdict.B),
            Battle("nothing", "Three?", null, "", Verdict.Tie),
            Battle("same", "Four?", "Same.", "Same.", Verdict.Tie),
            Battle("same-won", "Five?", "Same.", "Same.", Verdict.A),
            Battle("echo", $"Repeat {echo} now", echo, "No.", Verdict.B),
            Battle("refuses", "Six?", "I cannot assist with that.", "Yes.", Verdict.B),
            Battle("both-refuse", "Seven?", "I can't help with that.", "I'm unable to do it.", Verdict.BothBad),
            Battle("machine", "Eight?", "As an AI, I have none.", "Yes.", Verdict.A),
            Battle("identity", "Ten?", "I am Claude, made by Anthropic.", "Yes.", Verdict.A),
            Battle("broken", "Nine?", "a\uFFFD", "b", Verdict.A),
            Battle("again", "What is it?", "That.", "This.", Verdict.A),
        ];
        var test = new AuditedFile(
            "test", [Battle("t1", "what is IT", "x", "y", null), Battle("t2", "Unseen?", "x", "y", null)], [], IsTest: true);

        var audit = Auditor.Run([new AuditedFile("train", battles, [], IsTest: false), test], threads: 2);
        var found = audit.Findings.Where(finding => finding.Count > 0)
            .ToDictionary(finding => finding.Name, finding => string.Join(' ', finding.Examples), StringComparer.Ordinal);

        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["blank prompt"] = "blank",
                ["null response"] = "null nothing",
                ["empty response"] = "empty nothing",
                ["one side blank"] = "null empty",
                ["both sides blank"] = "nothing",
                ["identical responses"] = "same same-won",
                ["identical responses with a winner"] = "same-won",
                ["response repeated inside the prompt"] = "echo",
                ["one side refuses"] = "refuses",
                ["both sides refuse"] = "both-refuse",
                ["speaks as a machine"] = "machine",
                ["reveals its identity"] = "identity",
                ["broken characters"] = "broken",
                ["repeated prompt"] = "fine again t1",
                ["near-duplicate prompt"] = "fine again t1",
                ["prompt also in another file"] = "fine again t1",
                ["near-duplicate prompt in another file"] = "fine again t1",
                ["test prompt nearly in training data"] = "t1",
                ["repeated battle"] = "again",
                ["repeated battle with another verdict"] = "fine again",
                ["test prompt in training data"] = "t1",
            },
            found);
        Assert.Equal(16, audit.Rows);
        Assert.Equal(1, audit.Verdicts[Verdict.BothBad]);
    }

    [Fact]
    public async Task Prompts_that_mean_the_same_are_found_in_other_words()
    {
        string[] meanings = ["sort", "order", "bake", "zzz"];
        var embedder = new MeaningEmbedder(text => Array.FindIndex(meanings, word => text.Contains(word, StringComparison.Ordinal)) / 2)
        {
            IsForeign = text => text.Contains("zzz", StringComparison.Ordinal),
        };
        AuditedFile train = new(
            "train",
            [
                Battle("1", "How do I sort a list?", "a", "b", Verdict.A), Battle("2", "Let's bake bread", "a", "b", Verdict.B),
                Battle("3", "zzz one", "a", "b", Verdict.B), Battle("4", "How do I sort 3 lists?", "a", "b", Verdict.B),
            ],
            [], IsTest: false);
        AuditedFile test = new(
            "test",
            [Battle("t1", "Put a list into order", "a", "b", null), Battle("t2", "zzz two and other words", "a", "b", null)],
            [], IsTest: true);

        var (audit, byWords) = await Auditor.RunAsync(
            [train, test], embedder, leastCosine: 0.9, threads: 2, tokens: null, TestContext.Current.CancellationToken);
        Assert.Equal(2, byWords);
        Assert.Equal(["1", "t1"], Ids("prompt of the same meaning")); // not 4: it has another number
        Assert.Equal(["1", "t1"], Ids("prompt of the same meaning in another file"));
        Assert.Equal(["t1"], Ids("test prompt in other words in training data"));
        Assert.Empty(Ids("test prompt nearly in training data"));
        Assert.DoesNotContain(
            Auditor.Run([train, test], threads: 2).Findings,
            finding => finding.Name.Contains("meaning", StringComparison.Ordinal));

        IReadOnlyList<string> Ids(string finding) => audit.Findings.Single(found => string.Equals(found.Name, finding, StringComparison.Ordinal)).Ids;
    }

    [Fact]
    public void A_finding_gives_all_of_its_rows()
    {
        var numbers = Enumerable.Range(0, 40);
        Battle[] battles = [.. numbers.Select(i => Battle($"{i}", $"prompt number {i * 7919}", i % 2 == 0 ? "" : "yes", "no", null))];
        var test = new AuditedFile("test", [.. battles.Take(3)], [], IsTest: true);
        var audit = Auditor.Run([new AuditedFile("train", battles, [], IsTest: false), test], threads: 2);

        var empty = audit.Findings.Single(finding => finding.Name is "empty response");
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => 2 * i), 40, 42], empty.Rows);
        Assert.Equal(empty.Rows.Select(row => audit.Facts[row].Id), empty.Ids);
        Assert.Equal(["0", "2", "4", "6", "8"], empty.Examples);
        var leaks = audit.Findings.Single(finding => finding.Name is "test prompt in training data");
        Assert.Equal([40, 41, 42], leaks.Rows);
    }

    [Fact]
    public void Findings_of_one_battle_and_of_its_place_are_told_apart()
    {
        var ofPlace = Finding.All.Where(finding => finding.Predicate is null).Select(finding => finding.Column);
        Assert.Equal(
            [
                "repeated_prompt", "prompt_also_in_another_file", "near_duplicate_prompt", "near_duplicate_prompt_in_another_file",
                "repeated_battle", "battle_also_in_another_file", "repeated_battle_with_another_verdict",
                "test_prompt_in_training_data", "test_prompt_nearly_in_training_data",
            ],
            ofPlace);
    }

    [Fact]
    public void Effects_of_position_and_length_are_measured()
    {
        // A wins 60 of 100; the longer side wins all.
        Battle[] battles = [.. Enumerable.Range(0, 100).Select(i => i < 60
            ? Battle($"{i}", $"p{i}", "long answer", "no", Verdict.A)
            : Battle($"{i}", $"p{i}", "no", "long answer", Verdict.B))];
        var audit = Auditor.Run([new AuditedFile("f", battles, [], IsTest: false)], threads: 1);

        Assert.Equal(0.6, audit.FirstSide.Share, 12);
        Assert.Equal(0.502, audit.FirstSide.Interval.Lower, 3); // Wilson's interval of 60 in 100
        Assert.Equal(0.691, audit.FirstSide.Interval.Upper, 3);
        Assert.Equal(1, audit.LongerSide.Share);
        Assert.Equal(new Preference(0, 1, 0), audit.LengthCurve[0].Shares);
        Assert.Equal(new Preference(1, 0, 0), audit.LengthCurve[^1].Shares);
    }

    [Fact]
    public void Models_are_counted_from_either_side()
    {
        Battle[] battles =
        [
            Battle("1", "p", "a", "b", Verdict.A) with { ModelA = "x", ModelB = "y" },
            Battle("2", "q", "a", "b", Verdict.B) with { ModelA = "y", ModelB = "x" },
            Battle("3", "r", "a", "b", Verdict.Tie) with { ModelA = "x", ModelB = "y" },
            Battle("4", "s", "a", "b", Verdict.B) with { ModelA = "x", ModelB = "z" },
        ];
        var audit = Auditor.Run([new AuditedFile("f", battles, [], IsTest: false)], threads: 1);

        Assert.Equal(new ModelSummary("x", 4, 2.0 / 3, 0.25), audit.Models[0]);
        Assert.Equal(["x", "y", "z"], audit.Pairs.Models);
        Assert.Equal(3, audit.Pairs.Battles[0, 1]);
        Assert.Equal(1, audit.Pairs.WinFraction[0, 1]);
        Assert.Equal(0, audit.Pairs.WinFraction[0, 2]);
        Assert.True(double.IsNaN(audit.Pairs.WinFraction[1, 2]));
    }

    [Fact]
    public void The_competitions_rows_have_what_is_known_of_them()
    {
        var set = BattleSet.Load(
            [Repository.Shared("real", "kaggle", "train_head.csv")], new BattleReadOptions { Purpose = BattlePurpose.Explore });
        var audit = Auditor.Run([new AuditedFile("train_head.csv", set.Battles, set.Problems, IsTest: false)], threads: 2);

        Assert.Equal(999, audit.Rows);
        Assert.Equal(868, audit.Turns[1]);
        Assert.Equal(4, audit.Findings.Single(finding => finding.Name is "null response").Count);
        Assert.InRange(audit.LongerSide.Share, 0.58, 0.68); // known of the whole set: 0.615
    }

    private static Battle Battle(string id, string prompt, string? a, string? b, Verdict? verdict) =>
        new() { Id = id, Turns = [new Turn(prompt, a, b)], Verdict = verdict };
}
