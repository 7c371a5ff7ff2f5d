using System.Text.Json;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Server;

public sealed class JudgePagesTests
{
    [Fact]
    public async Task A_judge_is_asked_about_every_battle_and_measured()
    {
        using var folder = new TemporaryFolder();
        var battles = new PlantedBattles(1).Create(120);
        BattleWriter.WriteJsonl(folder["training.jsonl"], battles);
        var registry = new JudgeRegistry([new PriorJudgeFormat()]);
        foreach (var name in new[] { "one", "two" })
        {
            await new JudgeTraining
            {
                Kind = "priors",
                Trainer = registry["priors"].CreateTrainer(new Recipe("priors", [])),
                Out = folder[name],
                Data = BattleSet.Load([folder["training.jsonl"]]).Files,
            }.RunAsync(new LabelledBattles(battles));
        }

        await using var explorer = await RunningExplorer.StartAsync(battles, change: options => options with
        {
            Judges = [folder["one"], folder["two"]],
            Context = options.Context with { Judges = registry },
        });
        await explorer.UntilAsync("/battles.json?loss=0-", json => json.GetProperty("total").GetInt32() == battles.Count);
        await explorer.UntilAsync("/battles.json?judge=two&loss=0-", json => json.GetProperty("total").GetInt32() == battles.Count);
        await explorer.UntilAsync("/judge.json?judge=two", json => json.TryGetProperty("rows", out var rows) && rows.GetInt32() == battles.Count);
        using (var judges = JsonDocument.Parse(await explorer.GetAsync("/judges.json?judge=two")))
        {
            var all = judges.RootElement.GetProperty("rows")[0];
            Assert.Equal(
                ("two", "one", battles.Count, 0.0, 1.0),
                (judges.RootElement.GetProperty("one").GetString(), judges.RootElement.GetProperty("other").GetString(),
                    all.GetProperty("battles").GetInt32(), all.GetProperty("difference").GetDouble(), all.GetProperty("p_value").GetDouble()));
        }

        Assert.Contains("Where they part most", await explorer.GetAsync("/judges"), StringComparison.Ordinal);
        Assert.Contains("Choose two different", await explorer.GetAsync("/judges?judge=one&against=one"), StringComparison.Ordinal);
        Assert.Contains("The judge: A ", await explorer.GetAsync("/battle/3"), StringComparison.Ordinal);
        Assert.Contains("B shown first", await explorer.GetAsync("/battle/3?ask=two"), StringComparison.Ordinal);

        using var compared = await explorer.PostAsync("/compare", ("prompt", "p"), ("a", "<b>"), ("b", "y"), ("judge", "two"));
        var html = await compared.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("People would prefer", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;</textarea>", html, StringComparison.Ordinal);
        Assert.Contains("no judge", await (await explorer.PostAsync("/compare", ("prompt", "p"), ("judge", "three"))).Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
