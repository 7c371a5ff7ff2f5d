using Tiebreak.Core;
using Tiebreak.Hubs.Packages;
using Tiebreak.Testing;

namespace Tiebreak.Hubs.Tests.Packages;

public sealed class PackageFeedsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // NuGet asks a server that fails six times, a second after the other.
    static PackageFeedsTests() => Environment.SetEnvironmentVariable("NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT", "1");

    public PackageFeedsTests() => Directory.CreateDirectory(_folder["out"]);

    private string LocalSource => $"""<add key="local" value="{_folder["feed"]}" />""";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_source_of_nuget_config_is_asked()
    {
        TestPackage.Write(_folder);
        TestPackage.Configure(_folder, $"""<add key="empty" value="{Directory.CreateDirectory(_folder["empty"])}" />{LocalSource}""");
        var asked = new List<string>();

        Assert.Equal($"local ({_folder["feed"]})", await FetchAsync(onSource: asked.Add));
        Assert.Equal([$"empty ({_folder["empty"]})", $"local ({_folder["feed"]})"], asked);
        Assert.Equal("What the tests pack.\n", await File.ReadAllTextAsync(_folder["out/packed.txt"], TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public async Task A_package_that_was_installed_is_taken_from_its_folder()
    {
        TestPackage.Configure(_folder, "");
        var installed = _folder["packages/tiebreak.packed/1.2.3/lib/net8.0"];
        _ = Directory.CreateDirectory(installed);
        File.Copy(typeof(TestPackage).Assembly.Location, Path.Combine(installed, "Packed.dll"));

        Assert.StartsWith(_folder["packages"], await FetchAsync(), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["out/packed.txt"]));
    }

    [Fact]
    public async Task Source_mapping_is_obeyed()
    {
        TestPackage.Write(_folder);
        TestPackage.Configure(
            _folder, LocalSource, """<packageSource key="local"><package pattern="Other.*" /></packageSource>""");
        Assert.Contains("names no source for Tiebreak.Packed", await RefusalAsync(), StringComparison.Ordinal);

        TestPackage.Configure(
            _folder, LocalSource, """<packageSource key="local"><package pattern="Tiebreak.*" /></packageSource>""");
        Assert.StartsWith("local", await FetchAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_source_has_is_named()
    {
        TestPackage.Configure(_folder, LocalSource);
        _ = Directory.CreateDirectory(_folder["feed"]);
        Assert.Contains(
            $"Tiebreak.Packed 1.2.3 is in none of NuGet's sources: local ({_folder["feed"]})", await RefusalAsync(), StringComparison.Ordinal);

        TestPackage.Write(_folder, "lib/other/Packed.dll");
        Assert.Contains("it has no lib/net8.0/Packed.dll", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_with_another_hash_is_refused()
    {
        TestPackage.Write(_folder);
        TestPackage.Configure(_folder, LocalSource);
        var refusal = await Assert.ThrowsAsync<TiebreakException>(() => FetchAsync(TestPackage.Of(new string('0', 64))));
        Assert.Contains("packed.txt in Tiebreak.Packed 1.2.3 has not the SHA-256", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "asks for credentials. Put them into nuget.config")]
    [InlineData(500, "cannot be used")]
    public async Task A_source_that_does_not_answer_is_named(int status, string cause)
    {
        using var server = new FakeHub { Behave = (_, _) => new FakeHubAnswer { Status = status } };
        TestPackage.Configure(
            _folder, $"""<add key="server" value="{server.Address}v3/index.json" protocolVersion="3" allowInsecureConnections="true" />""");
        var refusal = await RefusalAsync();
        Assert.Contains($"The NuGet source server ({server.Address}v3/index.json) {cause}", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_configuration_is_refused()
    {
        _ = _folder.Write("nuget.config", "<configuration>");
        var refusal = Assert.Throws<InputException>(() => new PackageFeeds(_folder.Path));
        Assert.Contains("NuGet's configuration cannot be read", refusal.Message, StringComparison.Ordinal);
    }

    private Task<string> FetchAsync(PublishedPackage? package = null, Action<string>? onSource = null) =>
        new PackageFeeds(_folder.Path).FetchAsync(
            package ?? TestPackage.Of(), _folder["out"], onSource, TestContext.Current.CancellationToken);

    private async Task<string> RefusalAsync() => (await Assert.ThrowsAnyAsync<TiebreakException>(() => FetchAsync())).Message;
}
