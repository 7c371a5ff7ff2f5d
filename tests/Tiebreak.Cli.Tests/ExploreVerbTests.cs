using System.Diagnostics;
using System.Text.RegularExpressions;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed partial class ExploreVerbTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "tiebreak.dll");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crash_while_people_vote_loses_no_vote_that_was_confirmed()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], new PlantedBattles(1).Create(200));
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Program, "explore", folder["battles.jsonl"], "--votes", folder["votes.jsonl"], "--urls", "http://127.0.0.1:0", "--threads", "1",
            ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var ready = await process.StandardOutput.ReadLineAsync(Cancellation);
        var confirmed = 0;
        var voters = Enumerable.Range(0, 3).Select(voter => Task.Run(() => VoteAsync(
            new Uri(Url.Match(ready!).Value), $"voter {voter}", () => Interlocked.Increment(ref confirmed)))).ToList();
        while (Volatile.Read(ref confirmed) < 25 && !voters.TrueForAll(voter => voter.IsCompleted))
            await Task.Delay(5, Cancellation);
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
        await Task.WhenAll(voters.Select(async voter => await voter.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)));

        // A vote can be on the disk whose answer the crash took back, one for each voter.
        Assert.InRange(confirmed, 25, 600);
        Assert.InRange(BattleSet.Load([folder["votes.jsonl"]]).Battles.Count, confirmed, confirmed + 3);
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:0")]
    [InlineData("--judge", "nowhere")]
    [InlineData("--random-share", "2")]
    public async Task What_cannot_be_explored_is_told(string option, string value)
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], SyntheticBattles.Create(5));
        var run = await CommandRun.OfAsync(["explore", folder["battles.jsonl"], "--votes", folder["votes.jsonl"], option, value]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.NotEmpty(run.Errors);
    }

    private static async Task VoteAsync(Uri address, string name, Action onConfirmed)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var named = await http.PostAsync("/vote/name", Form(("name", name)), CancellationToken.None);
        while (true)
        {
            var page = await http.GetStringAsync("/vote", CancellationToken.None);
            using var vote = await http.PostAsync("/vote", Form(("ballot", Ballot.Match(page).Groups["token"].Value), ("choice", "a")));
            if (vote.IsSuccessStatusCode)
                onConfirmed();
        }
    }

    private static FormUrlEncodedContent Form(params (string Key, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Key, field.Value)));

    [GeneratedRegex("http://[0-9.:]+[0-9]", RegexOptions.None, 1000)]
    private static partial Regex Url { get; }

    [GeneratedRegex("name=\"ballot\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ballot { get; }
}
