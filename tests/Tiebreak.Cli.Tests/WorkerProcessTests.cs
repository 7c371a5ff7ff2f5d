using Tiebreak.App.Predicting;
using Tiebreak.Cli.Verbs.Scoring;
using Tiebreak.Core;
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
    public void A_worker_is_told_where_everything_is_for_the_process_that_starts_it()
    {
        var run = Run("run") with { Numbers = "numbers.csv" };

        Assert.Equal(
            [
                "worker", "--run", "run", "--judge", "/moved/judge", "--data", "battles.jsonl", "--fallback", "/moved/fallback",
                "--numbers", "numbers.csv", "--threads", "3", "--device", "cuda:1", "--log", "log.1", "--libtorch", "/torch/lib",
            ],
            WorkerProcess.Arguments(run, Session() with { Log = "log.1" }, libTorch: "/torch/lib"));
        Assert.DoesNotContain("--log", WorkerProcess.Arguments(run, Session(), libTorch: null));
        Assert.DoesNotContain("--libtorch", WorkerProcess.Arguments(run, Session(), libTorch: null));
    }

    [Fact]
    public async Task A_worker_that_fails_says_why()
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsAsync<TiebreakException>(() => WorkerProcess.RunAsync(
            Run(folder["run"]), Session() with { Device = "cpu" }, TestContext.Current.CancellationToken));

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

    private static PredictInRun Run(string folder) => new()
    {
        Folder = folder,
        Judge = "/moved/judge",
        Data = "battles.jsonl",
        Out = "s.csv",
        Fallback = "/moved/fallback",
    };
}
