using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tiebreak.Core.Files;

namespace Tiebreak.Core.Bundles;

/// <summary>
/// A kind of folder that proves to be what was saved: a manifest states length and hash of every file, a file beside it states the hash of
/// the manifest, and check rows hold answers that were given when it was saved. A judge's bundle is one.
/// </summary>
/// <typeparam name="TManifest">What the manifest says.</typeparam>
public sealed record SelfProvingFolder<TManifest>
    where TManifest : FolderManifest
{
    private const long MaxManifestBytes = 16 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The manifest's file name: <c>judge.json</c>.</summary>
    public required string ManifestName { get; init; }

    /// <summary>What such a folder is called, with its article: "a judge bundle".</summary>
    public required string Name { get; init; }

    /// <summary>How the manifest is read and written.</summary>
    public required JsonTypeInfo<TManifest> Json { get; init; }

    /// <summary>The file with the hash of the manifest, in the layout of <c>sha256sum</c>.</summary>
    public string HashName => Path.ChangeExtension(ManifestName, ".sha256");

    private string Noun => Name[(Name.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>Finds out before long work whether its result can be written there.</summary>
    /// <param name="folder">The folder to write; missing, empty, or one of this kind that is to be replaced.</param>
    /// <exception cref="InputException">It is there and holds something else.</exception>
    /// <exception cref="TiebreakException">The place cannot be written.</exception>
    public void ThrowIfNotFree(string folder)
    {
        var isUsed = Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();
        if (isUsed && !File.Exists(Path.Combine(folder, ManifestName)))
            throw new InputException($"{folder} exists and is not {Name}, so it is not overwritten. Choose another folder.");
        WritableTarget.CheckFolder(folder);
    }

    /// <summary>
    /// Writes a folder whole or not at all. Of one that is replaced, the subfolders stay that its manifest does not name: somebody has put
    /// them there, for instance a fallback judge.
    /// </summary>
    /// <param name="folder">The folder to write.</param>
    /// <param name="manifest">The manifest; its <see cref="FolderManifest.Files"/> are filled in here.</param>
    /// <param name="fill">Writes all other files into the folder whose path it is given.</param>
    /// <param name="cancellationToken">Stops the writing; nothing changes then.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public async Task<TManifest> WriteAsync(
        string folder, TManifest manifest, Func<string, Task> fill, CancellationToken cancellationToken = default)
    {
        ThrowIfNotFree(folder);
        await AtomicFolder.WriteAsync(folder, async temporary =>
        {
            await fill(temporary).ConfigureAwait(false);
            manifest = manifest with { Files = FolderFiles.Describe(temporary) };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, Json);
            await File.WriteAllBytesAsync(Path.Combine(temporary, ManifestName), bytes, cancellationToken).ConfigureAwait(false);
            await File.WriteAllTextAsync(Path.Combine(temporary, HashName), HashLine(bytes), cancellationToken).ConfigureAwait(false);
            KeepForeignFolders(folder, temporary);
            cancellationToken.ThrowIfCancellationRequested();
        }).ConfigureAwait(false);
        return manifest;
    }

    /// <summary>Reads the manifest, proves it, and proves the files it names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="verification">
    /// With <see cref="Verification.None"/> only the manifest is proved. The caller scores the check rows.
    /// </param>
    /// <exception cref="InputException">Not such a folder, of another version, or damaged.</exception>
    public TManifest Open(string folder, Verification verification = Verification.Full)
    {
        AtomicFolder.Recover(folder);
        var manifest = ReadManifest(folder);
        if (verification == Verification.None)
            return manifest;

        foreach (var (name, file) in manifest.Files)
            Verify(folder, name, file);
        return manifest;
    }

    /// <summary>What a person should know who has opened this folder, in one sentence; null for nothing.</summary>
    public string? NoticeOf(string folder, TManifest manifest) => manifest.FormatVersion >= FolderManifest.CurrentVersion
        ? null
        : $"the {Noun} {folder} has format {manifest.FormatVersion}, in which no hash proves {ManifestName} itself; " +
          "training it again adds one.";

    /// <summary>The path of a file with check rows.</summary>
    /// <exception cref="InputException">The manifest does not name it.</exception>
    public string CheckRowsOf(string folder, TManifest manifest, string name) => manifest.Files.ContainsKey(name)
        ? Path.Combine(folder, name)
        : throw new InputException($"The {Noun} {folder} does not vouch for {name}, so it cannot prove itself. Train it again.");

    /// <summary>The error of a folder that answers its check rows otherwise than when it was saved.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="difference">What differs, as a clause.</param>
    public InputException NotReproduced(string folder, TManifest manifest, string difference)
    {
        var versions = string.Join(", ", manifest.Versions.Select(version => $"{version.Key} {version.Value}"));
        return new InputException(
            $"The {Noun} in {folder} does not reproduce itself: {difference}. " +
            $"It was saved with {versions}; look for a changed library version, or train it again.");
    }

    /// <summary>The error of a folder whose files cannot be read.</summary>
    public InputException Unreadable(string folder, Exception cause) =>
        new($"The {Noun} {folder} cannot be read: {cause.Message} Copy the whole folder again, or train it again.", cause);

    private TManifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path))
            throw new InputException($"{folder} is not {Name}: it has no {ManifestName}. Give the folder that the training wrote.");
        if (FileSize.Of(path) > MaxManifestBytes)
            throw new InputException($"{path} is larger than {MaxManifestBytes >> 20} MiB, which no {ManifestName} is.");

        var bytes = File.ReadAllBytes(path);
        try
        {
            // The version first: what else a newer file holds cannot be known.
            var version = (int?)JsonNode.Parse(bytes, documentOptions: Strict)?["format_version"];
            if (version is not (>= FolderManifest.OldestVersion and <= FolderManifest.CurrentVersion))
            {
                throw new InputException(
                    $"{path} has version {version?.ToString(CultureInfo.InvariantCulture) ?? "none"} of {Name}, " +
                    $"but this program reads versions {FolderManifest.OldestVersion} to {FolderManifest.CurrentVersion}. " +
                    "Use the matching Tiebreak, or train it again.");
            }

            VerifyManifest(folder, bytes, isRequired: version >= FolderManifest.CurrentVersion);
            return JsonSerializer.Deserialize(bytes, Json)!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{path} is damaged: {exception.Message} Copy the whole folder again, or train it again.", exception);
        }
    }

    private void VerifyManifest(string folder, byte[] manifest, bool isRequired)
    {
        var path = Path.Combine(folder, HashName);
        if (!File.Exists(path))
        {
            if (isRequired)
                throw Incomplete(folder, HashName);
            return;
        }

        if (!string.Equals(File.ReadAllText(path).TrimEnd(), HashLine(manifest).TrimEnd(), StringComparison.Ordinal))
        {
            throw new InputException(
                $"The {Noun} {folder} is damaged: {ManifestName} does not have the hash that {HashName} states. " +
                "Copy it again, or train it again.");
        }
    }

    private void Verify(string folder, string name, BundleFile file)
    {
        if (!FolderFiles.IsInside(name))
            throw new InputException($"{Path.Combine(folder, ManifestName)} names the file \"{name}\", which lies outside the {Noun}.");
        if (FolderFiles.IsLinked(folder, name))
            throw new InputException($"The {Noun} {folder} is damaged: {name} is a link. Put the file itself there, or train it again.");
        if (!File.Exists(Path.Combine(folder, name)))
            throw Incomplete(folder, name);

        var found = FolderFiles.Describe(folder, name);
        if (found != file)
        {
            throw new InputException(
                $"The {Noun} {folder} is damaged: {name} has {found.Bytes} bytes with SHA-256 {found.Sha256[..12]}..., " +
                $"but {ManifestName} expects {file.Bytes} bytes with {file.Sha256[..Math.Min(12, file.Sha256.Length)]}.... " +
                "Copy it again, or train it again.");
        }
    }

    private InputException Incomplete(string folder, string name) =>
        new($"The {Noun} {folder} is incomplete: {name} is missing. Copy the whole folder, or train it again.");

    private void KeepForeignFolders(string old, string temporary)
    {
        if (!Directory.Exists(old))
            return;

        var own = OwnFolders(old);
        foreach (var subfolder in new DirectoryInfo(old).EnumerateDirectories())
        {
            var target = Path.Combine(temporary, subfolder.Name);
            if (!own.Contains(subfolder.Name) && !Path.Exists(target))
                FolderFiles.Copy(subfolder, target);
        }
    }

    private HashSet<string> OwnFolders(string folder)
    {
        try
        {
            return [.. ReadManifest(folder).Files.Keys.Select(name => name.Split('/')[0])];
        }
        catch (InputException)
        {
            // A damaged folder is replaced too; what it named is not known.
            return [];
        }
    }

    private string HashLine(byte[] manifest) => $"{Convert.ToHexStringLower(SHA256.HashData(manifest))}  {ManifestName}\n";
}
