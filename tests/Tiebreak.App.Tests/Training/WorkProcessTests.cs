using System.Diagnostics;
using System.Text.Json;
using Tiebreak.App.Training;
using Tiebreak.Core;
using Tiebreak.Runs.Leases;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests.Training;

/// <summary>Two processes must not work in one folder; one that is gone is in nobody's way.</summary>
public sealed class WorkProcessTests
{
    [Fact]
    public void A_folder_belongs_to_the_process_that_lives()
    {
        using var folder = new TemporaryFolder();
        WorkProcess.Claim(folder.Path);
        Assert.Equal(Environment.ProcessId, WorkProcess.Read(folder.Path)!.Process);
        WorkProcess.Claim(folder.Path); // the same process, for instance another training in it

        // The first process lives as long as the machine.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the number of a process that lives");
        using var first = Process.GetProcessById(1);
        var started = first.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
        var other = LeaseOwner.OfThisProcess() with { Process = first.Id, Started = started };
        Write(folder, other);
        var error = Assert.Throws<InputException>(() => WorkProcess.Claim(folder.Path));
        Assert.Contains("Process 1 works in", error.Message, StringComparison.Ordinal);

        Write(folder, other with { Started = started - 1000 }); // the number was given away again
        WorkProcess.Claim(folder.Path);
        Write(folder, other with { Session = "another machine" });
        WorkProcess.Claim(folder.Path);
        Assert.Equal(Environment.ProcessId, WorkProcess.Read(folder.Path)!.Process);
    }

    private static void Write(TemporaryFolder folder, LeaseOwner owner) =>
        _ = folder.Write("process.json", JsonSerializer.Serialize(owner, InnerJson.Default.LeaseOwner));
}
