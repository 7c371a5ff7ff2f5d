using Tiebreak.Cli.Verbs.Scoring;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Runs;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>How further workers of a run are started, and what is heard of them.</summary>
public sealed class WorkerProcessTests
{
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, "tiebreak.dll");

    [Fact]
    public void The_program_itself_or_the_dotnet_that_runs_it_is_started_again()
    {
        Assert.Equal(["/opt/tiebreak/tiebreak"], WorkerProcess.CommandOf("/opt/tiebreak/tiebreak"));
        Assert.Equal(["/home/me/.dotnet/dotnet", Library], WorkerProcess.CommandOf("/home/me/.dotnet/dotnet"));
        Assert.Equal(["dotnet", Library], WorkerProcess.CommandOf("/somewhere/testhost"));
    }

    [Fact]
    public async Task A_worker_is_told_where_everything_is_for_the_process_that_starts_it()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder);

        var arguments = WorkerProcess.Arguments(request, Session(), libTorch: "/torch/lib");

        Assert.Equal(
            ["worker", "--run", request.Folder, "--judge", "/moved/judge", "--data", request.DataPath, "--fallback", "/moved/fallback",
             "--threads", "3", "--device", "cuda:1", "--libtorch", "/torch/lib"],
            arguments);
        Assert.DoesNotContain("--libtorch", WorkerProcess.Arguments(request, Session(), libTorch: null));
        await request.Judge.OneOrder.DisposeAsync();
    }

    [Fact]
    public async Task A_worker_that_fails_says_why()
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsAsync<TiebreakException>(() => WorkerProcess.RunAsync(
            Request(folder), Session() with { Device = "cpu" }, TestContext.Current.CancellationToken));

        Assert.Contains("exit code 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("has no run: there is no run.json in it", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("judging\nThe disk is full.\n", "The disk is full.")]
    [InlineData("an error of its own: X\n   at A.B()\n   at C.D()\n\n", "an error of its own: X")]
    [InlineData("", "")]
    public async Task The_reason_is_the_last_line_that_is_no_place_in_the_code(string errors, string reason)
    {
        using var reader = new StringReader(errors);
        Assert.Equal(reason, await WorkerProcess.ReadErrorsAsync(reader));
    }

    [Fact]
    public async Task A_reason_is_cut_to_the_length_of_a_sentence()
    {
        using var reader = new StringReader(new string('x', 100_000));
        Assert.Equal(new string('x', 500) + " ...", await WorkerProcess.ReadErrorsAsync(reader));
    }

    private static Session Session()
    {
        var console = new Spectre.Console.Testing.TestConsole();
        return new Session { Surface = new Surface(console, console), Json = false, Seed = 0, Threads = 3, Device = "cuda:1" };
    }

    private static RunRequest Request(TemporaryFolder folder)
    {
        BattleWriter.WriteJsonl(folder["battles.jsonl"], SyntheticBattles.Create(3));
        return new RunRequest
        {
            Folder = folder["run"],
            Data = BattleSet.Load([folder["battles.jsonl"]]),
            DataPath = folder["battles.jsonl"],
            Judge = new RunJudge
            {
                OneOrder = new PriorJudge(Preference.Uniform),
                Prior = Preference.Uniform,
                Path = "/moved/judge",
                Sha256 = "judge",
                FallbackPath = "/moved/fallback",
                FallbackSha256 = "fallback",
            },
            Out = folder["s.csv"],
            SecondOrder = SecondOrder.None,
        };
    }
}
