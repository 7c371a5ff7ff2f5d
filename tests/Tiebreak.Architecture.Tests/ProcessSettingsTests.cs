using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Tiebreak.Data;
using Tiebreak.Native;

namespace Tiebreak.Architecture.Tests;

/// <summary>What holds for the whole process is chosen by executables, see <see cref="ProcessSettings"/>.</summary>
public sealed class ProcessSettingsTests
{
    // The calls, and the libraries that may contain them all the same.
    private static readonly Dictionary<string, string[]> OfExecutables = new(StringComparer.Ordinal)
    {
        ["ProcessSettings.Apply"] = [],
        ["LibTorchFolder.Use"] = [],
        ["AppContext.SetSwitch"] = ["Tiebreak.Native"], // by Apply
        ["GC.TryStartNoGCRegion"] = ["Tiebreak.Data"], // if the switch is set
        ["GCSettings.set_LatencyMode"] = [],
        ["torch.set_num_threads"] = ["Tiebreak.Torch"], // for the calling thread
        ["Environment.SetEnvironmentVariable"] = [],
        ["ThreadPool.SetMinThreads"] = [],
        ["ThreadPool.SetMaxThreads"] = [],
    };

    public static TheoryData<string> Libraries =>
        [.. Directory.GetFiles(AppContext.BaseDirectory, "Tiebreak.*.dll").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal) && name is not "Tiebreak.Testing")];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void No_library_changes_the_process(string library)
    {
        var calls = Calls(Path.Combine(AppContext.BaseDirectory, library + ".dll"));
        Assert.NotEmpty(calls);
        Assert.DoesNotContain(
            calls, call => OfExecutables.TryGetValue(call, out var allowed) && !allowed.Contains(library, StringComparer.Ordinal));
    }

    [Fact]
    public void The_command_applies_them() =>
        Assert.Contains("ProcessSettings.Apply", Calls(Path.Combine(AppContext.BaseDirectory, "tiebreak.dll")));

    [Fact]
    public void They_allow_pauses_of_the_collector()
    {
        ProcessSettings.Apply();
        Assert.True(AppContext.TryGetSwitch(BattleSet.CollectionPauseSwitch, out var isAllowed) && isAllowed);
    }

    // Type and name of every method of another assembly that an assembly mentions.
    private static HashSet<string> Calls(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var calls = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (member.Parent.Kind is not HandleKind.TypeReference)
                continue;
            var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
            calls.Add($"{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}");
        }

        return calls;
    }
}
