namespace Tiebreak.Transformers.Adapters;

/// <summary>A PEFT adapter: its configuration, and which tensors of a model it has or will have.</summary>
/// <param name="config">The configuration.</param>
internal abstract class Adapter(AdapterConfig config)
{
    /// <summary>PEFT wraps a model twice before it names what it stores.</summary>
    public const string Wrapping = "base_model.model.";

    /// <summary>Behind a module's name: DoRA's vector of row lengths. PEFT 0.13 and older wrote it without ".weight".</summary>
    public const string MagnitudeName = ".lora_magnitude_vector.weight";

    /// <summary>Behind a module's name: rows of a table that stand for those of some tokens.</summary>
    public const string TokenRowsName = ".token_adapter.trainable_tokens_delta";

    public AdapterConfig Config => config;

    /// <summary>Whether it is to be trained from its beginning: no file holds it.</summary>
    public abstract bool IsNew { get; }

    /// <summary>The name in the model of a tensor of the adapter that is no low-rank part.</summary>
    public static string NameInModel(string stored) => stored[Wrapping.Length..];

    /// <summary>The name in the adapter's file of a tensor of the model; null: the adapter has none.</summary>
    /// <param name="name">
    /// The model's name. A base that was saved without head has shorter names than the model that was adapted: they are the last parts
    /// then.
    /// </param>
    public abstract string? StoredName(string name);
}
