using Tiebreak.Benchmarks;

#pragma warning disable CA1050, MA0047 // the runtime looks for the class under this name

/// <summary>What the runtime calls in a process that gets this assembly as a startup hook.</summary>
internal static class StartupHook
{
    public static void Initialize() => HeapProbe.Start();
}
