using CsCheck;
using Tiebreak.Core;
using Tiebreak.Hubs.Packages;
using Tiebreak.Testing;

namespace Tiebreak.Hubs.Tests.Packages;

public sealed class AssemblyResourcesTests : IDisposable
{
    private static readonly string Assembly = typeof(AssemblyResourcesTests).Assembly.Location;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_resource_is_what_the_runtime_says_it_is()
    {
        AssemblyResources.Extract(Assembly, TestPackage.Resource, _folder["file"]);

        using var expected = typeof(AssemblyResourcesTests).Assembly.GetManifestResourceStream(TestPackage.Resource)!;
        var bytes = new byte[expected.Length];
        expected.ReadExactly(bytes);
        Assert.Equal(bytes, File.ReadAllBytes(_folder["file"]));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Contains("has no resource other", Refusal(Assembly, "other"), StringComparison.Ordinal);
        Assert.Contains("is not a whole .NET assembly", Refusal(_folder.Write("text.dll", "no assembly"), "other"), StringComparison.Ordinal);
        File.WriteAllBytes(_folder["cut.dll"], File.ReadAllBytes(Assembly)[..4000]);
        Assert.Contains("is not a whole .NET assembly", Refusal(_folder["cut.dll"], TestPackage.Resource), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_assembly_is_read_or_refused()
    {
        var good = File.ReadAllBytes(Assembly);
        Gen.Select(Gen.Int[0, Damage.Kinds - 1], Gen.Int[0, good.Length], Gen.Byte, (kind, place, value) => new Damage(kind, place, value))
            .Array[1, 40]
            .Sample(
                damages =>
                {
                    var path = _folder[$"{Guid.NewGuid():N}.dll"];
                    File.WriteAllBytes(path, Damage.Apply(good, damages));
                    try
                    {
                        AssemblyResources.Extract(path, TestPackage.Resource, path + ".file");
                    }
                    catch (InputException)
                    {
                        // Refused in a sentence.
                    }
                },
                iter: 200,
                threads: 2);
    }

    private string Refusal(string assembly, string resource) =>
        Assert.Throws<InputException>(() => AssemblyResources.Extract(assembly, resource, _folder["file"])).Message;
}
