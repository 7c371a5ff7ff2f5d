using System.IO.Compression;
using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Auditing;
using Tiebreak.Data.Deduplication;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests;

/// <summary>What <c>samples/README.md</c> promises of the built-in sample, counted in the file itself.</summary>
public sealed class BuiltInSampleTests
{
    private static readonly string Path = System.IO.Path.Combine(Repository.Root, "samples", "battles.jsonl.gz");
    private static readonly BattleSet Sample = BattleSet.Load([Path], DataFolder.Train);

    [Fact]
    public void It_is_large_and_varied()
    {
        Assert.Empty(Sample.Problems);
        Assert.InRange(Sample.Battles.Count, 2000, int.MaxValue);
        Assert.InRange(PromptGroup.Number(Sample.Battles).Distinct().Count(), 1500, int.MaxValue);
        Assert.InRange(Sample.Battles.Select(battle => battle.Language).Distinct().Count(), 5, int.MaxValue);
        Assert.InRange(Sample.Battles.Count(battle => battle.Turns.Count > 1), 200, int.MaxValue);
        Assert.InRange(
            Sample.Battles.Count(battle => battle.Turns.Any(turn => turn.ResponseA is null || turn.ResponseB is null)), 20, int.MaxValue);
        Assert.InRange(
            Sample.Battles.Count(battle => battle.Turns.Any(turn => turn.ResponseA is "" || turn.ResponseB is "")), 5, int.MaxValue);
        var ties = (double)Sample.Battles.Count(battle => battle.Target!.Value.Tie == 1) / Sample.Battles.Count;
        Assert.InRange(ties, 0.2, 0.4);
        Assert.Contains(Sample.Battles, battle => battle.Verdict is Verdict.BothBad);
    }

    [Theory]
    [InlineData(DuplicateScope.Prompt)]
    [InlineData(DuplicateScope.Battle)]
    public void Less_than_five_percent_are_near_duplicates(DuplicateScope scope)
    {
        var report = Deduplicator.Within(Sample.Battles, new DeduplicationOptions { Match = DuplicateMatch.Near, Scope = scope });
        Assert.True(report.Removed < 0.05 * Sample.Battles.Count, $"{report.Removed} of {Sample.Battles.Count}");
    }

    [Fact]
    public void Every_line_says_that_its_verdict_is_synthetic()
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(Path), CompressionMode.Decompress));
        while (file.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            Assert.True(json.RootElement.GetProperty("synthetic").GetBoolean());
            Assert.Equal("tiebreak-synthetic", json.RootElement.GetProperty("source").GetString());
        }
    }

    [Fact]
    public void Models_differ_in_strength_and_in_style()
    {
        var wins = Sample.Battles.SelectMany(battle => new[] { battle, battle.Swapped() })
            .GroupBy(battle => battle.ModelA!, StringComparer.Ordinal).Where(model => model.Count() >= 100)
            .Select(model => (
                Rate: model.Average(battle => battle.Target!.Value.A),
                Length: model.Average(battle => battle.Turns[0].ResponseA?.Length ?? 0))).ToList();
        Assert.True(wins.Count >= 5);
        Assert.True(wins.Max(model => model.Rate) > 1.5 * wins.Min(model => model.Rate));
        Assert.True(wins.Max(model => model.Length) > 1.5 * wins.Min(model => model.Length));
    }

    [Fact]
    public void The_audit_finds_the_flaws_that_are_there_on_purpose()
    {
        var audit = Auditor.Run([new AuditedFile("sample", Sample.Battles, Sample.Problems, IsTest: false)], threads: 2);
        var findings = audit.Findings.ToDictionary(finding => finding.Name, finding => finding.Count, StringComparer.Ordinal);
        foreach (var name in new[]
        {
            "null response", "empty response", "identical responses with a winner", "one side refuses", "repeated prompt",
        })
        {
            Assert.True(findings[name] > 0, name);
        }

        Assert.Equal(0, findings["broken characters"]);
        Assert.True(audit.LongerSide.Interval.Lower > 0.5, "the longer side wins");
    }
}
