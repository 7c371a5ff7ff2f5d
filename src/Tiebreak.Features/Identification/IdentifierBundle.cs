using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Features.Identification;

/// <summary>An identifier loaded from its folder, proven to be the one that was saved.</summary>
public sealed class IdentifierBundle
{
    internal static readonly SelfProvingFolder<IdentifierManifest> Layout = new()
    {
        ManifestName = IdentifierManifest.FileName,
        Name = "an identifier",
        Json = IdentifierJson.Default.IdentifierManifest,
    };

    private readonly string _folder;

    private IdentifierBundle(string folder, IdentifierManifest manifest, WriterIdentifier identifier) =>
        (_folder, Manifest, Identifier) = (folder, manifest, identifier);

    /// <summary>What <c>identifier.json</c> says.</summary>
    public IdentifierManifest Manifest { get; }

    /// <summary>The identifier.</summary>
    public WriterIdentifier Identifier { get; }

    /// <summary>What a person should know about the identifier's folder, in one sentence; null for nothing.</summary>
    public string? Notice => Layout.NoticeOf(_folder, Manifest);

    /// <summary>What it was trained on, battle by battle.</summary>
    /// <exception cref="InputException">The file has another layout.</exception>
    public SeenBattles ReadSeen() => SeenBattles.Read(_folder);

    /// <summary>Refuses a folder that an identifier cannot be written to, before anything is trained.</summary>
    /// <exception cref="TiebreakException">It holds something else, or cannot be written.</exception>
    public static void ThrowIfNotFree(string folder) => Layout.ThrowIfNotFree(folder);

    /// <summary>Writes an identifier whole or not at all.</summary>
    /// <param name="folder">Its folder; one that is there is replaced after success.</param>
    /// <param name="trained">The identifier and its responses.</param>
    /// <param name="manifest">The manifest; its weights, models and files are filled in here.</param>
    /// <param name="battles">The battles of the training.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops the writing; nothing changes then.</param>
    /// <exception cref="TiebreakException">The folder cannot be written.</exception>
    public static Task<IdentifierManifest> WriteAsync(
        string folder,
        WriterIdentification trained,
        IdentifierManifest manifest,
        IReadOnlyList<Battle> battles,
        int threads,
        CancellationToken cancellationToken = default) =>
        Layout.WriteAsync(
            folder,
            manifest with { Models = trained.Identifier.Models, Weights = trained.Identifier.Weights },
            async temporary =>
            {
                await trained.Identifier.SaveAsync(temporary).ConfigureAwait(false);
                IdentifierCheckRows.Write(temporary, trained.Identifier, trained.Responses);
                SeenBattles.Of(battles, threads).Write(temporary);
            },
            cancellationToken);

    /// <summary>Opens an identifier: verifies every file's hash, reads it, and works the check rows out again.</summary>
    /// <exception cref="InputException">
    /// Not an identifier, damaged, of an unknown version, or it does not reproduce its check rows.
    /// </exception>
    public static IdentifierBundle Open(string folder)
    {
        try
        {
            var manifest = Layout.Open(folder);
            if (manifest.Weights.Count != 3)
            {
                throw new InputException(
                    $"{Path.Combine(folder, IdentifierManifest.FileName)} is damaged: " +
                    $"it has {manifest.Weights.Count} weights instead of 3. Train the identifier again.");
            }

            var identifier = WriterIdentifier.Read(folder, manifest.Weights);
            IdentifierCheckRows.Verify(folder, identifier, manifest);
            return new IdentifierBundle(folder, manifest, identifier);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Layout.Unreadable(folder, exception);
        }
    }
}
