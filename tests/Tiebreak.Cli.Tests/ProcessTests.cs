using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>What only a process of its own can show: signals, a full disk, a system without OpenMP.</summary>
public sealed class ProcessTests
{
    private static readonly string Command = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "tiebreak.dll")}'";

    [Fact]
    public async Task Ctrl_C_in_the_middle_leaves_the_old_bundle()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent the Unix way");
        using var folder = new TemporaryFolder();
        var data = Battles(folder);
        await CommandRun.OfAsync("train", "priors", "--data", data, "--out", folder["judge"]);
        var before = await File.ReadAllBytesAsync(Path.Combine(folder["judge"], "judge.json"));

        // A runner that was started in the background ignores the signal, and so would its children.
        var reset = OperatingSystem.IsLinux() ? "env --default-signal=INT " : "";
        using var process = Start($"exec {reset}{Command} train length --data '{data}' --out '{folder["judge"]}' "
            + "--set boosting.rounds=100000 --set boosting.patience=100000");
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("growing trees", StringComparison.Ordinal))
        {
            // Training has begun once the trees grow.
        }

        await Start(string.Create(CultureInfo.InvariantCulture, $"kill -INT {process.Id}")).WaitForExitAsync();
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("Stopped.", said, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(folder["judge"], "judge.json")));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_bundle()
    {
        await SkipUnlessPrivileged();
        using var folder = new TemporaryFolder();
        var data = Battles(folder);
        var disk = folder["disk"];
        var (exitCode, said) = await RunAsync(
            $"""
            unshare --mount bash -c "mkdir '{disk}' && mount -t tmpfs -o size=48k none '{disk}' && {Command} train priors --data '{data}' --out '{disk}/judge' 2>&1 &&
            cp -r '{disk}/judge' '{folder["before"]}' && {Command} train feature --data '{data}' --out '{disk}/judge' 2>&1; echo exit \$?; ls '{disk}'; diff -r '{disk}/judge' '{folder["before"]}' && echo same"
            """);

        Assert.Equal(0, exitCode);
        Assert.Contains("disk is full", said, StringComparison.Ordinal);
        Assert.Contains("exit 1", said, StringComparison.Ordinal);
        Assert.EndsWith("judge\nsame\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_systems_OpenMP_the_one_that_Tiebreak_brings_is_used()
    {
        await SkipUnlessPrivileged();
        var (_, said) = await RunAsync(
            $"""unshare --mount bash -c "for f in \$(ldconfig -p | grep -o '/.*libgomp.so.1'); do mount --bind /dev/null \$f; done; {Command} doctor 2>&1; echo exit \$?" """);

        Assert.Contains("brought by Tiebreak", said, StringComparison.Ordinal);
        Assert.Contains("exit 0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_libtorch_takes_the_place_of_the_one_that_is_brought()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "commands are run the Unix way");
        using var folder = new TemporaryFolder();
        var brought = Path.Combine(AppContext.BaseDirectory, "libtorch");
        Assert.SkipUnless(Directory.Exists(brought), "needs the libtorch that the build brings");
        Directory.CreateSymbolicLink(folder["named"], brought);

        var (_, byOption) = await RunAsync($"{Command} doctor --json --libtorch '{folder["named"]}'");
        Assert.Contains($"from {folder["named"]}", byOption, StringComparison.Ordinal);
        var (_, byVariable) = await RunAsync($"TIEBREAK_LIBTORCH='{folder["named"]}' {Command} doctor --json");
        Assert.Contains($"from {folder["named"]}", byVariable, StringComparison.Ordinal);
        var (exitCode, wrong) = await RunAsync($"TIEBREAK_LIBTORCH='{folder.Path}' {Command} doctor --json");
        Assert.Equal(1, exitCode);
        Assert.Contains($"{folder.Path} holds no libtorch_cpu", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_loads_no_library_that_only_a_verb_needs()
    {
        using var folder = new TemporaryFolder();
        var loaded = await LoadedByAsync(folder, "--version");
        Assert.Contains("System.CommandLine", loaded, StringComparison.Ordinal);
        Assert.All(
            ["NuGet.", "Newtonsoft.Json", "TorchSharp", "Tiebreak.Hubs", "Tiebreak.Transformers"],
            name => Assert.DoesNotContain(name, loaded, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Web_server_and_databases_are_loaded_only_where_they_are_needed()
    {
        using var folder = new TemporaryFolder();
        var loaded = await LoadedByAsync(folder, $"data audit --data '{Battles(folder)}'");
        Assert.Contains("Tiebreak.Data", loaded, StringComparison.Ordinal);
        Assert.All(
            ["Kestrel", "DuckDB", "Sqlite", "SQLite", "Tiebreak.Explorer", "Tiebreak.Hosting"],
            name => Assert.DoesNotContain(name, loaded, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_has_a_name_must_be_fetched_first()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "commands are run the Unix way");
        using var folder = new TemporaryFolder();
        var (exitCode, said) = await RunAsync($"cd '{folder.Path}' && XDG_CACHE_HOME='{folder.Path}' {Command} model inspect minilm 2>&1");
        Assert.Equal(2, exitCode);
        Assert.Contains("is not on this machine yet; fetch it first: tiebreak model fetch minilm", said, StringComparison.Ordinal);
    }

    /// <summary>The names of the assemblies that a command loads, among other text.</summary>
    private static async Task<string> LoadedByAsync(TemporaryFolder folder, string arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "commands are run the Unix way");
        var trace = folder["loaded.nettrace"];

        // The runtime itself writes which assemblies it loads: keyword 8 is the loader's.
        var (exitCode, _) = await RunAsync(
            $"DOTNET_EnableEventPipe=1 DOTNET_EventPipeConfig=Microsoft-Windows-DotNETRuntime:8:4 DOTNET_EventPipeOutputPath='{trace}' {Command} {arguments}");
        Assert.Equal(0, exitCode);
        var bytes = await File.ReadAllBytesAsync(trace);
        return Encoding.Unicode.GetString(bytes) + Encoding.Unicode.GetString(bytes[1..]);
    }

    private static string Battles(TemporaryFolder folder)
    {
        BattleWriter.WriteJsonl(folder["battles.jsonl"], SyntheticBattles.Create(300));
        return folder["battles.jsonl"];
    }

    private static async Task SkipUnlessPrivileged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mount namespaces");
        var (exitCode, _) = await RunAsync("unshare --mount bash -c 'mount -t tmpfs -o size=64k none /mnt' 2>&1");
        Assert.SkipUnless(exitCode == 0, "needs the right to mount in a namespace of its own");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string script)
    {
        using var process = Start(script);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    private static Process Start(string script) =>
        Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
}
