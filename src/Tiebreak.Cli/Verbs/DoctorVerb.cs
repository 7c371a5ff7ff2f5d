using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Spectre.Console;
using Tiebreak.Cli.Output;
using Tiebreak.Features.LightGbm;
using Tiebreak.Native;
using Tiebreak.Torch;

namespace Tiebreak.Cli.Verbs;

internal sealed class DoctorVerb : Verb
{
    public DoctorVerb(Surface surface)
        : base("doctor", "Check native libraries, memory and versions; say the true cause of what does not work.", surface) =>
        Add(new LibTorchOption());

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        NativeLibraryState[] libraries = [OpenMp.EnsureLoaded(), LightGbmLibrary.State, TorchRuntime.Describe()];
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Tiebreak"] = typeof(DoctorVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? "unknown",
            [".NET"] = RuntimeInformation.FrameworkDescription,
            ["System"] = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})",
            ["Processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["Vector instructions"] = VectorInstructions(),
            ["Memory for this process"] = string.Create(
                CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):F1} GiB"),
        };
        var healthy = Array.TrueForAll(libraries, library => library.IsLoaded);

        session.Show(Picture(facts, libraries));
        session.Say(healthy ? "Everything works." : "Something is missing; see above.");
        session.Emit(
            new Health(healthy, facts, libraries.Select(library => new LibraryHealth(
                library.Name, library.IsLoaded, library.Path, library.Detail))),
            () => CommandJson.Default.Health);
        return Task.FromResult(healthy ? TiebreakCommand.Ok : TiebreakCommand.Failed);
    }

    private static Table Picture(Dictionary<string, string> facts, NativeLibraryState[] libraries)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("What", "State");
        foreach (var (name, value) in facts)
            table.AddRow(Markup.Escape(name), Markup.Escape(value));
        foreach (var library in libraries)
        {
            table.AddRow(
                Markup.Escape(library.Name), $"{(library.IsLoaded ? "[green]ok[/]" : "[red]missing[/]")}: {Markup.Escape(library.Detail)}");
        }

        return table;
    }

    private static string VectorInstructions()
    {
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return "AVX-512";
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
            return "AVX2";
        return System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? "AdvSimd (NEON)" : "none";
    }
}

/// <summary>What works here, and what does not.</summary>
/// <param name="Healthy">Whether everything works.</param>
/// <param name="Facts">Versions and the machine.</param>
/// <param name="Libraries">Native libraries.</param>
internal sealed record Health(bool Healthy, IReadOnlyDictionary<string, string> Facts, IEnumerable<LibraryHealth> Libraries);

/// <summary>A native library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Loaded">Whether it works.</param>
/// <param name="Path">Its file; null where none was found.</param>
/// <param name="Detail">Its version, or why it does not work.</param>
internal sealed record LibraryHealth(string Name, bool Loaded, string? Path, string Detail);
