using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Spectre.Console;
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
        session.Emit(new JsonObject
        {
            ["healthy"] = healthy,
            ["facts"] = new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)JsonValue.Create(fact.Value)))),
            ["libraries"] = new JsonArray([.. libraries.Select(library => new JsonObject
            {
                ["name"] = library.Name,
                ["loaded"] = library.IsLoaded,
                ["path"] = library.Path,
                ["detail"] = library.Detail,
            })]),
        });
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
