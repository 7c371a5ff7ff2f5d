using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Tiebreak.Benchmarks;

/// <summary>A table of readers against a reference, printed and kept beside the machine's name.</summary>
internal sealed class CompareTable
{
    private readonly StringBuilder _text = new();
    private readonly long _bytes;
    private readonly Measurement _reference;
    private readonly string _cpu = Cpu();

    public CompareTable(long bytes, Measurement reference)
    {
        _bytes = bytes;
        _reference = reference;
        _text.Append(CultureInfo.InvariantCulture, $"""
            # Reading the competition's CSV

            {reference.Rows:N0} synthetic rows, {bytes / 1e6:0.0} MB, from the disk cache to battles in memory, each reader in a process of its own.
            {_cpu}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}, {DateTime.UtcNow:yyyy-MM-dd}.
            Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- compare-read`.

            | reader | best | median | first run | MB/s | peak memory | times the reference |
            |---|---|---|---|---|---|---|

            """);
    }

    public void Add(string reader, Measurement measured) => _text.Append(
        CultureInfo.InvariantCulture,
        $"| {reader} | {measured.Best:0.00} s | {measured.Median:0.00} s | {measured.Seconds[0]:0.00} s | {_bytes / 1e6 / measured.Best:0} "
            + $"| {measured.PeakMib:0} MiB | {_reference.Best / measured.Best:0.0}x |\n");

    /// <summary>Prints the table and writes it to <c>FOLDER/CPU/read.md</c>.</summary>
    public void Write(string folder)
    {
        Save(folder, "read.md", _text.ToString());
        Console.WriteLine(_text);
    }

    /// <summary>Writes a table to <c>FOLDER/CPU/NAME</c>.</summary>
    public static void Save(string folder, string name, string table)
    {
        var path = Path.Combine(
            folder, string.Join('-', Cpu().Split([' ', '/', '(', ')', '@'], StringSplitOptions.RemoveEmptyEntries)), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, table);
    }

    /// <summary>The widest vector instructions that .NET uses here.</summary>
    public static string VectorLevel() =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
            : Vector256.IsHardwareAccelerated ? "AVX2"
            : Vector128.IsHardwareAccelerated ? "128-bit vectors"
            : "no vectors";

    /// <summary>The name of the processor.</summary>
    public static string Cpu()
    {
        const string LinuxFile = "/proc/cpuinfo";
        var line = File.Exists(LinuxFile)
            ? File.ReadLines(LinuxFile).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? $"{RuntimeInformation.OSArchitecture}";
    }
}
