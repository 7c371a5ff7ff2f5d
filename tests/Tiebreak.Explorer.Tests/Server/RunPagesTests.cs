using System.Net;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Server;

/// <summary>Runs and trainings on pages of their own, and what runs predict beside judges.</summary>
public sealed class RunPagesTests(RunPagesTests.Fixture fixture) : IClassFixture<RunPagesTests.Fixture>
{
    private readonly RunningExplorer _explorer = fixture.Explorer;

    [Fact]
    public async Task The_list_says_how_far_each_is_and_that_something_is_wrong()
    {
        using var json = JsonDocument.Parse(await _explorer.GetAsync("/runs.json"));
        Assert.Equal(
            [
                ("run", "one.run", 240, "ended"), ("run", "two.run", 240, "ended"), // in both orders
                ("training", "work", 100, "the judge, 30 min left of it; alarm"),
            ],
            json.RootElement.GetProperty("jobs").EnumerateArray().Select(job => (
                job.GetProperty("kind").GetString(), job.GetProperty("name").GetString(), job.GetProperty("done").GetInt32(),
                job.GetProperty("state").GetString())));
        Assert.Contains("training,work,100,1000,", await _explorer.GetAsync("/runs.csv"), StringComparison.Ordinal);
        Assert.Contains("id=\"follow\"", await _explorer.GetAsync("/runs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_shows_its_curves_its_alarms_and_its_recipe()
    {
        var html = await _explorer.GetAsync("/runs/training?name=work");
        Assert.Contains("step 100 of 1,000", html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Learning rate, the judge\"", html, StringComparison.Ordinal);
        Assert.Contains("Alarm: the judge: the loss rises", html, StringComparison.Ordinal);
        Assert.Contains("Alarm: the judge: the loss on new battles rises: 1.0500 after 25 steps", html, StringComparison.Ordinal);
        Assert.Contains("<td>tuning.note</td><td class=\"text\">&lt;b&gt;</td>", html, StringComparison.Ordinal);
        var csv = (await _explorer.GetAsync("/runs/training.csv?name=work")).TrimEnd('\n').Split('\n');
        Assert.Equal((104, "the judge,1,1.005,1.005,,0.0001,501"), (csv.Length, csv[1]));
        Assert.Contains("the judge,75,,,1.2,,", csv);
        using var json = JsonDocument.Parse(await _explorer.GetAsync("/runs/training.json?name=work"));
        Assert.Equal(2, json.RootElement.GetProperty("alarms").GetArrayLength());
    }

    [Fact]
    public async Task A_run_shows_what_it_judges_and_leads_to_what_it_predicts()
    {
        var html = await _explorer.GetAsync("/runs/scoring?name=one.run");
        Assert.Contains("First order: 120 of 120 battles", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/judges?judge=one.run\"", html, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await _explorer.GetAsync("/runs/scoring.json?name=one.run"));
        Assert.Equal(120, json.RootElement.GetProperty("sources").GetProperty("both_orders").GetInt32());
        Assert.Contains("First order,120,120\nSecond order,120,120", await _explorer.GetAsync("/runs/scoring.csv?name=one.run"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_are_compared_as_the_judges_that_made_them()
    {
        await _explorer.UntilAsync("/judges.json?judge=one.run&against=two.run", json => json.TryGetProperty("rows", out _));
        using var runs = JsonDocument.Parse(await _explorer.GetAsync("/judges.json?judge=one.run&against=two.run"));
        using var judges = JsonDocument.Parse(await _explorer.GetAsync("/judges.json?judge=one&against=two"));
        foreach (var name in new[] { "battles", "loss_one", "loss_other", "difference", "p_value", "both_right" })
            Assert.Equal(Of(judges, name), Of(runs, name), 12);
        Assert.NotEqual(0, Of(runs, "difference"));
        Assert.Contains("Where they part most", await _explorer.GetAsync("/judges?judge=one.run&against=two.run"), StringComparison.Ordinal);

        await _explorer.UntilAsync("/judge.json?judge=one.run", json => json.TryGetProperty("log_loss", out _));
        using var measured = JsonDocument.Parse(await _explorer.GetAsync("/judge.json?judge=one.run"));
        Assert.Equal(Of(runs, "loss_one"), measured.RootElement.GetProperty("log_loss").GetDouble(), 12);

        static double Of(JsonDocument json, string name) => json.RootElement.GetProperty("rows")[0].GetProperty(name).GetDouble();
    }

    [Theory]
    [InlineData("/runs/scoring?name=../../etc", "There is no run")]
    [InlineData("/runs/training", "There is no training")]
    [InlineData("/judge?judge=/etc/passwd", "There is no judge")]
    public async Task Names_that_nobody_gave_lead_nowhere(string address, string sentence)
    {
        using var answer = await _explorer.Client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            sentence, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_run_predicts_is_taken_when_the_run_ends()
    {
        using var later = new TemporaryFolder();
        later.Copy(fixture.Folders[JobFolders.FirstRun], "later.run");
        foreach (var name in new[] { "rows.csv", "report.json" })
            File.Move(later[$"later.run/{name}"], later[name]);
        await using var explorer = await RunningExplorer.StartAsync(
            fixture.Battles, change: options => options with { Runs = [later["later.run"]] });
        Assert.Contains("has not ended", await explorer.GetAsync("/judge?judge=later.run"), StringComparison.Ordinal);

        foreach (var name in new[] { "report.json", "rows.csv" })
            File.Move(later[name], later[$"later.run/{name}"]);
        await explorer.UntilAsync(
            "/battles.json?judge=later.run&loss=0-", json => json.TryGetProperty("total", out var total) && total.GetInt32() == 120);
    }

    [Fact]
    public async Task Folders_that_hold_none_and_names_that_are_given_twice_are_refused()
    {
        using var folder = new TemporaryFolder();
        await RefusedAsync("has no run", options => options with { Runs = [folder.Path] });
        await RefusedAsync("has no work of a training", options => options with { Trainings = [folder.Path] });
        await RefusedAsync("There is no file", options => options with { Predictions = [folder["none.csv"]] });
        folder.Copy(fixture.Folders[JobFolders.FirstRun], JobFolders.FirstRun);
        await RefusedAsync(
            "are called one.run", options => options with { Runs = [folder[JobFolders.FirstRun], fixture.Folders[JobFolders.FirstRun]] });

        async Task RefusedAsync(string sentence, Func<Explorer.Server.ExplorerOptions, Explorer.Server.ExplorerOptions> change) =>
            Assert.Contains(
                sentence,
                (await Assert.ThrowsAsync<InputException>(() => RunningExplorer.StartAsync(fixture.Battles, change: change))).Message,
                StringComparison.Ordinal);
    }

    /// <summary>One explorer for all tests.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public IReadOnlyList<Battle> Battles { get; } = new PlantedBattles(1).Create(120);

        internal JobFolders Folders { get; private set; } = null!;

        internal RunningExplorer Explorer { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Folders = await JobFolders.CreateAsync(Battles);
            Explorer = await RunningExplorer.StartAsync(Battles, change: Folders.AddTo);
        }

        public async ValueTask DisposeAsync()
        {
            await Explorer.DisposeAsync();
            Folders.Dispose();
        }
    }
}
