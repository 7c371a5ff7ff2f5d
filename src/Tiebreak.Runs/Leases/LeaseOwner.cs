namespace Tiebreak.Runs.Leases;

/// <summary>Who holds a lease: one worker of one process on one machine.</summary>
/// <param name="Id">Different for every worker that ever was.</param>
/// <param name="Machine">The name of the machine, for people.</param>
/// <param name="Session">
/// One boot of one machine, and one namespace of process numbers in it: where the two numbers below mean something.
/// </param>
/// <param name="Process">The number of the process.</param>
/// <param name="Started">When the process started, in seconds: a number may be used again.</param>
internal sealed record LeaseOwner(string Id, string Machine, string Session, int Process, long Started)
{
    /// <summary>
    /// Seconds. The system counts from its boot, and the time of the boot moves as its clock is set, so two processes may see one start a
    /// little differently; a number is not given away again so soon.
    /// </summary>
    private const long ClockSlack = 2;

    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private const string NamespaceLink = "/proc/self/ns/pid";

    /// <summary>A new worker of this process.</summary>
    public static LeaseOwner OfThisProcess()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new LeaseOwner(Guid.NewGuid().ToString("N"), Environment.MachineName, ThisSession(), process.Id, StartOf(process));
    }

    /// <summary>
    /// True if the owner's process is known to be gone, so that nobody need wait for its lease to expire. False if it lives, or ran where
    /// this process cannot look.
    /// </summary>
    public bool IsGone()
    {
        if (!string.Equals(Session, ThisSession(), StringComparison.Ordinal))
            return false;

        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(Process);
            return Math.Abs(StartOf(process) - Started) > ClockSlack;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static long StartOf(System.Diagnostics.Process process) => process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;

    private static string ThisSession() => string.Join('|', Environment.MachineName, BootId(), new FileInfo(NamespaceLink).LinkTarget);

    private static string BootId() => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";
}
