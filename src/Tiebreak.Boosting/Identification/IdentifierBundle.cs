using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;

namespace Tiebreak.Boosting.Identification;

/// <summary>An identifier loaded from its folder, proven to be the one that was saved.</summary>
public sealed class IdentifierBundle
{
    private const long MaxManifestBytes = 16 << 20;

    private readonly string _folder;

    private IdentifierBundle(string folder, IdentifierManifest manifest, WriterIdentifier identifier) =>
        (_folder, Manifest, Identifier) = (folder, manifest, identifier);

    /// <summary>What <c>identifier.json</c> says.</summary>
    public IdentifierManifest Manifest { get; }

    /// <summary>The identifier.</summary>
    public WriterIdentifier Identifier { get; }

    /// <summary>What it was trained on, battle by battle.</summary>
    /// <exception cref="InputException">The file has another layout.</exception>
    public SeenBattles ReadSeen() => SeenBattles.Read(_folder);

    /// <summary>Refuses a folder that is there and holds something else.</summary>
    /// <exception cref="InputException">It does.</exception>
    public static void ThrowIfNotFree(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            && !File.Exists(Path.Combine(folder, IdentifierManifest.FileName)))
        {
            throw new InputException($"{folder} exists and is not an identifier, so it is not overwritten. Choose another --out.");
        }
    }

    /// <summary>Writes an identifier whole or not at all.</summary>
    /// <param name="folder">Its folder; one that is there is replaced after success.</param>
    /// <param name="trained">The identifier and its responses.</param>
    /// <param name="manifest">The manifest; its weights, models and files are filled in here.</param>
    /// <param name="battles">The battles of the training.</param>
    /// <param name="cancellationToken">Stops the writing; nothing changes then.</param>
    /// <exception cref="TiebreakException">The folder cannot be written.</exception>
    public static async Task<IdentifierManifest> WriteAsync(
        string folder, WriterIdentification trained, IdentifierManifest manifest, IReadOnlyList<Battle> battles,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNotFree(folder);
        await AtomicFolder.WriteAsync(folder, async temporary =>
        {
            await trained.Identifier.SaveAsync(temporary);
            IdentifierCheckRows.Write(temporary, trained.Identifier, trained.Responses);
            SeenBattles.Of(battles).Write(temporary);
            manifest = manifest with
            {
                Models = trained.Identifier.Models,
                Weights = trained.Identifier.Weights,
                Files = BundleFiles.Describe(temporary),
            };
            await using var stream = File.Create(Path.Combine(temporary, IdentifierManifest.FileName));
            await JsonSerializer.SerializeAsync(stream, manifest, IdentifierJson.Default.IdentifierManifest, cancellationToken);
        });
        return manifest;
    }

    /// <summary>Opens an identifier: verifies every file's hash, reads it, and works the check rows out again.</summary>
    /// <exception cref="InputException">
    /// Not an identifier, damaged, of an unknown version, or it does not reproduce its check rows.
    /// </exception>
    public static IdentifierBundle Open(string folder)
    {
        try
        {
            var manifest = ReadManifest(folder);
            BundleFiles.Verify(folder, IdentifierManifest.FileName, manifest.Files);
            var identifier = WriterIdentifier.Read(folder, manifest.Weights);
            IdentifierCheckRows.Verify(folder, identifier, manifest);
            return new IdentifierBundle(folder, manifest, identifier);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"The identifier {folder} cannot be read: {exception.Message} Copy the whole folder again, or train it again.", exception);
        }
    }

    private static IdentifierManifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, IdentifierManifest.FileName);
        if (!File.Exists(path))
        {
            throw new InputException($"{folder} is not an identifier: it has no {IdentifierManifest.FileName}. "
                + "Give the folder that `tiebreak identify train --out` wrote.");
        }

        if (new FileInfo(path).Length > MaxManifestBytes)
            throw new InputException($"{path} is larger than {MaxManifestBytes >> 20} MiB, which no {IdentifierManifest.FileName} is.");

        var bytes = File.ReadAllBytes(path);
        try
        {
            if ((int?)JsonNode.Parse(bytes)?["format_version"] is var version && version != IdentifierManifest.CurrentVersion)
            {
                throw new InputException(
                    $"{path} has identifier version {version?.ToString(CultureInfo.InvariantCulture) ?? "none"}, but this program reads "
                    + $"version {IdentifierManifest.CurrentVersion}. Use the matching Tiebreak, or train it again.");
            }

            var manifest = JsonSerializer.Deserialize(bytes, IdentifierJson.Default.IdentifierManifest)!;
            return manifest.Weights.Count == 3
                ? manifest
                : throw new InputException(
                    $"{path} is damaged: it has {manifest.Weights.Count} weights instead of 3. Train the identifier again.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{path} is damaged: {exception.Message} Restore the identifier, or train it again.", exception);
        }
    }
}
