using System.Collections.Frozen;
using Tiebreak.Core;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Adapters;

/// <summary>A PEFT adapter's folder: its configuration, and its tensors by the names of the modules that they belong to.</summary>
internal sealed class StoredAdapter : Adapter, IDisposable
{
    private static readonly string[] FileNames = ["adapter_model.safetensors", "adapter_model.bin"];

    private static readonly string[] LearnedParts =
    [
        "lora_A", "lora_B", "lora_embedding_A", "lora_embedding_B", "lora_magnitude_vector", "trainable_tokens_delta",
    ];

    // What PEFT writes of a whole table of which rows learned, where the vocabulary had grown before.
    private const string WholeTable = ".token_adapter.base_layer.weight";

    private readonly FrozenDictionary<string, string> _stored;

    private StoredAdapter(AdapterConfig config, Checkpoint checkpoint)
        : base(config)
    {
        Checkpoint = checkpoint;
        _stored = checkpoint.Entries.Where(entry => !IsOriginal(entry.Name))
            .ToFrozenDictionary(entry => NameOf(entry.Name), entry => entry.Name, StringComparer.Ordinal);
    }

    public Checkpoint Checkpoint { get; }

    /// <inheritdoc/>
    public override bool IsNew => false;

    /// <summary>The files that make up the adapter in a folder.</summary>
    public static IEnumerable<string> FilesIn(string folder) =>
        [AdapterConfig.FileName, .. FileNames.Where(name => File.Exists(Path.Combine(folder, name))).Take(1)];

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InputException">It holds no adapter, or one that is not computed here.</exception>
    public static StoredAdapter Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder} is no folder; `adapter` wants a folder with {AdapterConfig.FileName} and {FileNames[0]}.")
            {
                Parameters = ["adapter"],
            };
        }

        var config = AdapterConfig.Read(folder);
        var file = FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InputException($"{folder} holds no weights; expected {string.Join(" or ", FileNames)}.");
        var checkpoint = Checkpoint.Open(file);
        try
        {
            return new StoredAdapter(config, checkpoint);
        }
        catch (ArgumentException exception)
        {
            checkpoint.Dispose();
            throw new InputException(
                $"{file} holds a tensor twice, with and without {Wrapping} before its name or an adapter's name in it.", exception);
        }
    }

    /// <inheritdoc/>
    public override string? StoredName(string name)
    {
        if (_stored.TryGetValue(name, out var stored) || _stored.TryGetValue(OtherSpelling(name), out stored))
            return stored;
        var longer = _stored.Keys.Where(key => PeftPattern.IsLastPart(key, name)).Take(2).ToArray();
        return longer.Length == 1 ? _stored[longer[0]] : null;
    }

    /// <summary>The head that it was trained with; null: that of the base.</summary>
    /// <param name="classifier">The name of the base's classification head: where it was saved, it is what the adapter is for.</param>
    public HeadKind? HeadKind(string classifier) =>
        Config.HeadKind ?? (StoredName($"{DecoderClassifier.NameIn(name => StoredName(name) is not null, classifier)}.weight") is not null
            ? Heads.HeadKind.Classifier
            : null);

    /// <summary>True for a weight of the base below a layer or module of the adapter; only a raw state dict holds it.</summary>
    public bool IsOriginal(string stored) =>
        stored.Contains(".original_module.", StringComparison.Ordinal)
        || stored.Contains(".trainable_tokens_original", StringComparison.Ordinal)
        || (stored.Contains(".base_layer.", StringComparison.Ordinal) && !IsGrownTable(stored));

    // A head that is tied to the table has the table's rows, and no list of its own.
    private bool IsGrownTable(string stored) => stored.EndsWith(WholeTable, StringComparison.Ordinal)
        && Checkpoint.Entries.Any(entry => entry.Name.StartsWith(
            stored[..^WholeTable.Length] + TokenRowsName, StringComparison.Ordinal));

    public void Dispose() => Checkpoint.Dispose();

    /// <summary>
    /// An adapter's names are those of modules in memory. With transformers 4.52 the text part of models that read pictures too got another
    /// one there, but not in files.
    /// </summary>
    private static string OtherSpelling(string name)
    {
        const string older = "language_model.model.", newer = "model.language_model.";
        return name.StartsWith(older, StringComparison.Ordinal) ? newer + name[older.Length..]
            : name.StartsWith(newer, StringComparison.Ordinal) ? older + name[newer.Length..]
            : name;
    }

    // A state dict of PEFT's own module, saved as it is, has the adapter's name behind the names of its parts.
    private static string NameOf(string stored)
    {
        var name = stored.StartsWith(Wrapping, StringComparison.Ordinal) ? stored[Wrapping.Length..] : stored;
        if (name.EndsWith(WholeTable, StringComparison.Ordinal))
            return $"{name[..^WholeTable.Length]}.weight";
        var parts = name.Split('.').ToList();
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            if (parts[i] is "modules_to_save")
                parts.RemoveRange(i, 2);
            else if (LearnedParts.Contains(parts[i], StringComparer.Ordinal) && parts[i + 1] is not ("weight" or "bias"))
                parts.RemoveAt(i + 1);
        }

        return string.Join('.', parts);
    }
}
