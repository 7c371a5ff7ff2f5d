using System.Text.Json.Serialization;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Inspection;

/// <summary>Says what a checkpoint holds and what is wrong with it.</summary>
internal static class InspectCheckpoint
{
    /// <summary>Looks into a checkpoint; every value of its weights is read.</summary>
    /// <param name="path">A Hugging Face folder, or one file of weights.</param>
    /// <param name="listsTensors">Whether to list every tensor.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    /// <exception cref="Core.InputException">It cannot be opened.</exception>
    public static CheckpointInspection Run(string path, bool listsTensors, CancellationToken cancellationToken = default)
    {
        using var checkpoint = Checkpoint.Open(path);
        var description = new CheckpointDescription(checkpoint);
        return description.ToInspection(CheckpointProblems.Find(path, description, cancellationToken), listsTensors);
    }
}

/// <summary>What a checkpoint holds; what its configuration does not state is null.</summary>
internal sealed record CheckpointInspection
{
    /// <summary>The file of weights, or the index of several.</summary>
    public required string Path { get; init; }

    /// <summary>The architecture that the configuration names first.</summary>
    public required string? Architecture { get; init; }

    /// <summary>The family of the architecture.</summary>
    public required string? ModelType { get; init; }

    /// <summary>Layers.</summary>
    public required long? Layers { get; init; }

    /// <summary>Width of hidden states.</summary>
    public required long? HiddenSize { get; init; }

    /// <summary>Attention heads.</summary>
    public required long? Heads { get; init; }

    /// <summary>Heads of keys and values.</summary>
    public required long? KeyValueHeads { get; init; }

    /// <summary>Ids of the vocabulary.</summary>
    public required long? Vocabulary { get; init; }

    /// <summary>Positions.</summary>
    public required long? Positions { get; init; }

    /// <summary>The type that the configuration names.</summary>
    public required string? DeclaredDtype { get; init; }

    /// <summary>The head that is computed, in words; null where the checkpoint cannot be computed, or is an adapter.</summary>
    public required string? Head { get; init; }

    /// <summary>What its files say of its licence.</summary>
    public required ModelLicence Licence { get; init; }

    /// <summary>Labels of a classifier.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Method and width of quantised weights.</summary>
    public required string? Quantization { get; init; }

    /// <summary>The adapter that the folder holds.</summary>
    public required InspectedAdapter? Adapter { get; init; }

    /// <summary>Files of the tokenizer beside the weights.</summary>
    public required IReadOnlyList<string> Tokenizer { get; init; }

    /// <summary>Parameters that the weights stand for.</summary>
    public required long Parameters { get; init; }

    /// <summary>Stored tensors.</summary>
    public required int Tensors { get; init; }

    /// <summary>Stored elements by type.</summary>
    public required IReadOnlyDictionary<string, long> Dtypes { get; init; }

    /// <summary>Size of all files of weights.</summary>
    public required long Bytes { get; init; }

    /// <summary>The files of weights.</summary>
    public required IReadOnlyList<InspectedFile> Files { get; init; }

    /// <summary>What is wrong, one sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What is no problem and yet worth knowing, one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Every tensor; null where they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<InspectedTensor>? List { get; init; }

    /// <summary>What people want to know, in order: name and value.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string What, string Value)> Facts { get; init; } = [];
}

/// <summary>A file of weights.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record InspectedFile(string Path, long Bytes);

/// <summary>A tensor of a checkpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">Its type, as safetensors names it.</param>
/// <param name="Shape">Its sizes.</param>
internal sealed record InspectedTensor(string Name, string Dtype, IReadOnlyList<long> Shape)
{
    internal static InspectedTensor Of(TensorEntry entry) => new(entry.Name, entry.Type.SafetensorsName(), [.. entry.Shape]);
}

/// <summary>What <c>adapter_config.json</c> of PEFT says; what it does not state is null.</summary>
internal sealed record InspectedAdapter
{
    /// <summary>The kind of adapter.</summary>
    public required string? Type { get; init; }

    /// <summary>The rank.</summary>
    public required long? Rank { get; init; }

    /// <summary>The factor of its scale.</summary>
    public required long? Alpha { get; init; }

    /// <summary>Whether magnitudes are learned apart (DoRA).</summary>
    public required bool Dora { get; init; }

    /// <summary>Whether the scale falls with the root of the rank.</summary>
    public required bool RankStabilised { get; init; }

    /// <summary>The layers that it changes.</summary>
    public required IReadOnlyList<string> TargetModules { get; init; }

    /// <summary>The layers that it replaces.</summary>
    public required IReadOnlyList<string> ModulesToSave { get; init; }

    /// <summary>Tokens whose rows of the embedding it brings.</summary>
    public required int Tokens { get; init; }

    /// <summary>The model that it is for.</summary>
    public required string? Base { get; init; }

    internal static InspectedAdapter Of(SettingsFile adapter) => new()
    {
        Type = adapter.Text("peft_type"),
        Rank = adapter.Number("r"),
        Alpha = adapter.Number("lora_alpha"),
        Dora = adapter.IsTrue("use_dora"),
        RankStabilised = adapter.IsTrue("use_rslora"),
        TargetModules = adapter.Texts("target_modules"),
        ModulesToSave = adapter.Texts("modules_to_save"),
        Tokens = adapter.Count("trainable_token_indices"),
        Base = adapter.Text("base_model_name_or_path"),
    };
}
