using System.Globalization;
using System.IO.Pipes;
using Tiebreak.Transformers.Tests.Engine;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Asks another process of .NET what its memory holds: that process gets this assembly as a startup hook
/// (<c>DOTNET_STARTUP_HOOKS</c>), collects its garbage and answers through a pipe.
/// </summary>
internal static class HeapProbe
{
    private const string PipeVariable = "TIEBREAK_BENCH_HEAP_PIPE";

    /// <summary>Variables for a process that is to answer.</summary>
    /// <param name="pipe">A name that nobody else uses.</param>
    public static (string Name, string Value)[] Environment(string pipe) =>
        [("DOTNET_STARTUP_HOOKS", typeof(HeapProbe).Assembly.Location), (PipeVariable, pipe)];

    /// <summary>Asks.</summary>
    /// <param name="pipe">The name of the process's pipe.</param>
    /// <returns>Bytes of live objects, and bytes that the C library has handed out and not got back.</returns>
    public static async Task<(long Managed, long Native)> AskAsync(string pipe)
    {
        await using var client = new NamedPipeClientStream(pipe);
        await client.ConnectAsync();
        using var reader = new StreamReader(client);
        var answer = (await reader.ReadToEndAsync()).Split(' ');
        return (long.Parse(answer[0], CultureInfo.InvariantCulture), long.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Answers whoever asks this process, from now on.</summary>
    public static void Start()
    {
        if (System.Environment.GetEnvironmentVariable(PipeVariable) is { Length: > 0 } pipe)
            new Thread(() => Answer(pipe)) { IsBackground = true }.Start();
    }

    private static void Answer(string pipe)
    {
        while (true)
        {
            using var server = new NamedPipeServerStream(pipe);
            server.WaitForConnection();
            using var writer = new StreamWriter(server);
            for (var i = 0; i < 2; i++)
            {
                // What has a finaliser is gone after the second time.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: false)} {MallocInformation.InUse()}"));
        }
    }
}
