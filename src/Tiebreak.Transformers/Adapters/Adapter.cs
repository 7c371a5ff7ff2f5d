using System.Collections.Frozen;
using Tiebreak.Core;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Adapters;

/// <summary>A PEFT adapter's folder: its configuration, and its tensors by the names of the modules that they belong to.</summary>
internal sealed class Adapter : IDisposable
{
    // PEFT wraps a model twice before it names what it stores.
    private const string Wrapping = "base_model.model.";

    private static readonly string[] FileNames = ["adapter_model.safetensors", "adapter_model.bin"];

    private readonly FrozenDictionary<string, string> _stored;

    private Adapter(AdapterConfig config, Checkpoint checkpoint)
    {
        (Config, Checkpoint) = (config, checkpoint);
        _stored = checkpoint.Entries.ToFrozenDictionary(
            entry => entry.Name.StartsWith(Wrapping, StringComparison.Ordinal) ? entry.Name[Wrapping.Length..] : entry.Name,
            entry => entry.Name, StringComparer.Ordinal);
    }

    public AdapterConfig Config { get; }

    public Checkpoint Checkpoint { get; }

    /// <summary>The files that make up the adapter in a folder.</summary>
    public static IEnumerable<string> FilesIn(string folder) =>
        [AdapterConfig.FileName, .. FileNames.Where(name => File.Exists(Path.Combine(folder, name))).Take(1)];

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InputException">It holds no adapter, or one that is not computed here.</exception>
    public static Adapter Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder} is no folder; --adapter wants a folder with {AdapterConfig.FileName} and {FileNames[0]}.");
        var config = AdapterConfig.Read(folder);
        var file = FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InputException($"{folder} holds no weights; expected {string.Join(" or ", FileNames)}.");
        var checkpoint = Checkpoint.Open(file);
        try
        {
            return new Adapter(config, checkpoint);
        }
        catch (ArgumentException exception)
        {
            checkpoint.Dispose();
            throw new InputException($"{file} holds a tensor twice, with and without {Wrapping} before its name.", exception);
        }
    }

    /// <summary>The name in the adapter's file of a tensor of the model; null: the adapter has none.</summary>
    /// <param name="name">
    /// The model's name. A base that was saved without head has shorter names than the model that was adapted: they are the last parts
    /// then.
    /// </param>
    public string? StoredName(string name)
    {
        if (_stored.TryGetValue(name, out var stored))
            return stored;
        var longer = _stored.Keys.Where(key => PeftPattern.IsLastPart(key, name)).Take(2).ToArray();
        return longer.Length == 1 ? _stored[longer[0]] : null;
    }

    public void Dispose() => Checkpoint.Dispose();
}
