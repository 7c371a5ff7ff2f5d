using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// A language model's head that is the embedding under another name: files hold one of the two, and an
/// adapter may change one and not the other.
/// </summary>
internal static class TiedEmbedding
{
    /// <summary>The field of a configuration that ties them.</summary>
    public const string Key = "tie_word_embeddings";

    // What an adapter holds of a module that it replaces or changes.
    private static readonly string[] ChangingParts = [".weight", ".lora_A.weight", ".lora_embedding_A"];

    /// <summary>Gives both their tensor.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="head">The head that is wanted.</param>
    /// <param name="checkpoint">The files.</param>
    /// <param name="adapter">The adapter; null: none.</param>
    /// <returns>
    /// The files, in which the head stands for an embedding that was left out as its copy, or the embedding for a head that the adapter
    /// parts from it; and the configuration, which then says that they are two.
    /// </returns>
    public static (Checkpoint Checkpoint, ModelConfig Config) Resolve(
        ModelConfig config, HeadKind head, Checkpoint checkpoint, StoredAdapter? adapter)
    {
        if (ModelFamilies.Of(config) is not DecoderFamily family || family.Options(config) is not { TiesEmbedding: true } options)
            return (checkpoint, config);

        var (names, languageHead) = (options.Names, $"{options.Names.LanguageHead}.weight");
        var stored = checkpoint.Entries.FirstOrDefault(entry => PeftPattern.IsLastPart(entry.Name, $"{names.Embedding}.weight"))?.Name;
        if (stored is null && checkpoint.Contains(languageHead))
            return (checkpoint.WithAlias(languageHead, $"{PrefixOf(checkpoint, names)}{names.Embedding}.weight"), config);
        return stored is not null && head is HeadKind.Generator && adapter is not null && Parts(adapter, names)
            ? (checkpoint.Contains(languageHead) ? checkpoint : checkpoint.WithAlias(stored, languageHead),
                config.With(Key, false))
            : (checkpoint, config);
    }

    // PEFT leaves the one as it was when it adapts the other; rows of single tokens are both's.
    private static bool Parts(StoredAdapter adapter, DecoderNames names) =>
        adapter.StoredName(names.Embedding + Adapter.TokenRowsName) is null
        && (Changes(adapter, names.LanguageHead) || (!adapter.Config.KeepsTie && Changes(adapter, names.Embedding)));

    private static bool Changes(StoredAdapter adapter, string module) =>
        Array.Exists(ChangingParts, part => adapter.StoredName(module + part) is not null);

    // What stands before the layers stands before the embedding.
    private static string PrefixOf(Checkpoint checkpoint, DecoderNames names)
    {
        var first = $"{names.Layers}0.";
        var layer = checkpoint.Entries.FirstOrDefault(entry => entry.Name.Contains(first, StringComparison.Ordinal))?.Name ?? first;
        return layer[..layer.IndexOf(first, StringComparison.Ordinal)];
    }
}
