using System.IO.Compression;
using System.Security.Cryptography;
using Tiebreak.Hubs.Packages;
using Tiebreak.Testing;

namespace Tiebreak.Hubs.Tests.Packages;

/// <summary>A package that holds these tests' own assembly, and a nuget.config whose only source is a folder with it.</summary>
internal static class TestPackage
{
    public const string Resource = "Tiebreak.Hubs.Tests.resource.txt";

    private const string Assembly = "lib/net8.0/Packed.dll";

    /// <summary>The package, with the hash of what the resource holds or another.</summary>
    public static PublishedPackage Of(string? hash = null)
    {
        using var content = typeof(TestPackage).Assembly.GetManifestResourceStream(Resource)!;
        return new PublishedPackage("Tiebreak.Packed", "1.2.3", Assembly, [
            new PackagedFile(Resource, "packed.txt", FileHash.Sha256(hash ?? Convert.ToHexStringLower(SHA256.HashData(content)))),
        ]);
    }

    /// <summary>Writes the package into the folder <c>feed</c>.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="assembly">The path of the assembly in the package.</param>
    public static void Write(TemporaryFolder folder, string assembly = Assembly)
    {
        _ = Directory.CreateDirectory(folder["feed"]);
        using var archive = ZipFile.Open(folder["feed/Tiebreak.Packed.1.2.3.nupkg"], ZipArchiveMode.Create);
        using (var manifest = new StreamWriter(archive.CreateEntry("Tiebreak.Packed.nuspec").Open()))
        {
            manifest.Write(
                """
                <package><metadata><id>Tiebreak.Packed</id><version>1.2.3</version><authors>Tests</authors><description>Packed.</description></metadata></package>
                """);
        }

        _ = archive.CreateEntryFromFile(typeof(TestPackage).Assembly.Location, assembly);
    }

    /// <summary>Writes a nuget.config that knows nothing of the machine's own configuration.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="more">More sections.</param>
    public static void Configure(TemporaryFolder folder, string sources, string more = "") => folder.Write(
        "nuget.config",
        $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="{folder["packages"]}" /></config>
          <fallbackPackageFolders><clear /></fallbackPackageFolders>
          <packageSources><clear />{sources}</packageSources>
          <packageSourceMapping><clear />{more}</packageSourceMapping>
        </configuration>
        """);
}
