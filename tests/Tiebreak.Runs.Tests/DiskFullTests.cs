using System.ComponentModel;
using System.Diagnostics;
using Tiebreak.Core;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Runs.Tests;

/// <summary>A run on a file system of a few kilobytes, which a root user can make.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task A_file_system_without_room_ends_the_run_and_with_more_room_it_goes_on_to_the_same_bytes()
    {
        using var fixture = new RunFixture();
        await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun(), folder: "undisturbed"));
        var (undisturbed, disk) = (await File.ReadAllBytesAsync(fixture.Submission), fixture["disk"]);
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", disk), "only root may mount a file system");
        try
        {
            var request = fixture.Request(
                new TestJudge().ForRun(), folder: Path.Combine("disk", "run")) with
            { Out = Path.Combine(disk, "submission.csv") };
            var error = await Assert.ThrowsAsync<TiebreakException>(() => RunFixture.RunAsync(request));

            Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
            Assert.Equal(60, SubmissionFile.Read(request.Out).Count);

            Assert.True(Mount("-o", "remount,size=8m", disk));
            var report = await RunFixture.RunAsync(request with { Resume = true });
            Assert.True(report.IsComplete);
            Assert.Equal(undisturbed, await File.ReadAllBytesAsync(request.Out));
        }
        finally
        {
            Run("umount", disk);
        }
    }

    private static bool Mount(params string[] arguments) => Run("mount", arguments);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
