using System.Reflection;
using PublicApiGenerator;
using Tiebreak.Testing;

namespace Tiebreak.PublicSurface.Tests;

/// <summary>
/// What libraries promise changes only on purpose: <c>PublicApi.approved.txt</c> beside each project says what it is. The application,
/// whose documents grow with the command, promises nothing yet, and the explorer has no public types.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new()
    {
        ExcludeAttributes = [typeof(AssemblyMetadataAttribute).FullName!],
        IncludeAssemblyAttributes = false,
    };

    public static TheoryData<string> Libraries =>
    [
        .. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder))
            .Where(name => name is not ("Tiebreak.App" or "Tiebreak.Cli" or "Tiebreak.Explorer"))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_approved_one(string library) => Snapshot.MatchFile(
        Assembly.Load(library).GeneratePublicApi(Options),
        Path.Combine(Repository.Root, "src", library, "PublicApi.approved.txt"));

    /// <summary>
    /// TorchSharp's versions break each other: a signature with its types would make each of its updates a breaking change.
    /// </summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public void Only_the_tensor_library_shows_types_of_TorchSharp(string library) => Assert.True(
        library is "Tiebreak.Torch"
        || !Assembly.Load(library).GeneratePublicApi(Options).Contains("TorchSharp.", StringComparison.Ordinal));

    // 13 of them are the API's host and its client.
    [Fact]
    public void The_libraries_promise_few_types()
    {
        var types = Libraries.SelectMany(row => Assembly.Load(row.Data).GetExportedTypes().Where(type => !type.IsNested));
        Assert.InRange(types.Count(), 1, 343);
    }
}
