using System.Globalization;
using Tiebreak.Core.Files;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Inspection;

/// <summary>What a checkpoint's configuration and weights say about it.</summary>
internal sealed class CheckpointDescription
{
    /// <summary>Describes an open checkpoint.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <exception cref="Core.InputException">A configuration beside the weights cannot be read.</exception>
    public CheckpointDescription(Checkpoint checkpoint)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!;
        (Checkpoint, Folder) = (checkpoint, folder);
        Config = SettingsFile.ReadOrNull(Path.Combine(folder, "config.json"));
        Adapter = SettingsFile.ReadOrNull(Path.Combine(folder, "adapter_config.json"));
        Licence = ModelLicence.Of(folder);
        TokenizerFiles = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))
            .Where(CheckpointFiles.IsTokenizer).Order(StringComparer.Ordinal)];
        Parameters = ParameterCount.Of(checkpoint, PackedBits is > 0 and <= 32 and var bits ? (int)bits : 4);
        Elements = checkpoint.Entries.GroupBy(entry => entry.Type).OrderByDescending(group => group.Sum(entry => entry.ByteCount))
            .ToDictionary(group => group.Key.SafetensorsName(), group => group.Sum(entry => entry.Count), StringComparer.Ordinal);
        Files = [.. checkpoint.Files.Select(path => new InspectedFile(path, FileSize.Of(path)))];
    }

    public Checkpoint Checkpoint { get; }

    /// <summary>The folder that its files lie in.</summary>
    public string Folder { get; }

    /// <summary><c>config.json</c>, if there is one.</summary>
    public SettingsFile? Config { get; }

    /// <summary><c>adapter_config.json</c> of PEFT, if there is one.</summary>
    public SettingsFile? Adapter { get; }

    /// <summary>What the folder's files say of the licence.</summary>
    public ModelLicence Licence { get; }

    /// <summary>Names of the tokenizer's files beside the weights.</summary>
    public IReadOnlyList<string> TokenizerFiles { get; }

    /// <summary>Parameters that the weights stand for; quantised ones are counted as what they are dequantised to.</summary>
    public long Parameters { get; }

    /// <summary>Stored elements by type, in the order of the bytes that they take.</summary>
    public IReadOnlyDictionary<string, long> Elements { get; }

    /// <summary>The files that hold the weights.</summary>
    public IReadOnlyList<InspectedFile> Files { get; }

    public string? Architecture => Config?.Texts("architectures") is [var first, ..] ? first : null;

    /// <summary>The type that the configuration names; newer files call it <c>dtype</c>.</summary>
    public string? DeclaredType => Config?.Text("torch_dtype") ?? Config?.Text("dtype");

    public IReadOnlyList<string> Labels => Config?.NumberedTexts("id2label") ?? [];

    /// <summary>Method and width of quantised weights: <c>awq, 4 bits</c>.</summary>
    public string? Quantization => QuantizationConfig is not { } section ? null : string.Join(", ", new[]
    {
        section.Text("quant_method") ?? "method not named",
        section.IsTrue("load_in_4bit") ? section.Text("bnb_4bit_quant_type") ?? "4 bits" : null,
        section.IsTrue("load_in_8bit") ? "int8" : null,
        section.Number("bits") is { } bits ? $"{bits} bits" : null,
        section.Number("group_size") is { } size ? $"groups of {size}" : null,
        section.IsTrue("bnb_4bit_use_double_quant") ? "double" : null,
        PlainLayers(section) is [_, ..] layers ? $"layers left as they are: {string.Join(", ", layers)}" : null,
    }.OfType<string>());

    // Models that see pictures keep the sizes of their text part apart; DistilBERT has names of its own.
    private long? Size(string key, string? otherName = null) =>
        (Config?.Section("text_config") ?? Config) is not { } sizes ? null
            : sizes.Number(key) ?? (otherName is null ? null : sizes.Number(otherName));

    private SettingsFile? QuantizationConfig => Config?.Section("quantization_config") ?? Config?.Section("compression_config");

    // The numbers of layers of which linear layers are named: "model.layers.3.mlp.up_proj".
    private static int[] PlainLayers(SettingsFile quantization) =>
    [
        .. quantization.Texts("llm_int8_skip_modules").Select(LayerNumber.Of).OfType<int>().Distinct().Order(),
    ];

    private long? PackedBits => QuantizationConfig?.Number("bits")
        ?? QuantizationConfig?.Section("config_groups")?.Section("group_0")?.Section("weights")?.Number("num_bits");

    private IEnumerable<(string What, string Value)> Facts(string? head)
    {
        if (Config is not null)
        {
            yield return ("Architecture", $"{Architecture ?? "not named"} ({Config.Text("model_type") ?? "no model_type"})");
            yield return ("Layers", Text(Size("num_hidden_layers", "n_layers")));
            yield return ("Hidden size", Text(Size("hidden_size", "dim")));
            yield return ("Heads", Size("num_key_value_heads") is { } shared
                ? $"{Text(Size("num_attention_heads", "n_heads"))}, {shared} for keys and values"
                : Text(Size("num_attention_heads", "n_heads")));
            yield return ("Vocabulary", Text(Size("vocab_size")));
            yield return ("Positions", Text(Size("max_position_embeddings")));
            yield return ("Head", head ?? "not computed; see below");
            yield return ("Labels", Labels.Count > 0 ? string.Join(", ", Labels) : "none");
            yield return ("Declared type", DeclaredType ?? "none");
        }

        if (Quantization is not null)
            yield return ("Quantised", Quantization);
        if (Adapter is not null)
            yield return ("Adapter", AdapterText(Adapter));
        yield return ("Tokenizer", TokenizerFiles.Count > 0 ? string.Join(", ", TokenizerFiles) : "none beside the weights");
        yield return ("Licence", Licence.Licence is { } name ? $"{name} ({Licence.From})" : "not said");
        if (Licence.Bases.Count > 0)
            yield return ("Made of", string.Join(", ", Licence.Bases));
        yield return ("Parameters", Text(Parameters));
        yield return (
            "Tensors",
            $"{Text(Checkpoint.Entries.Count)} ({string.Join(", ", Elements.Select(type => $"{type.Key} {Text(type.Value)}"))})");
        yield return ("Files", $"{Text(Files.Count)}, {Text(Files.Sum(file => file.Bytes))} bytes");
    }

    private static string TokensText(SettingsFile adapter) =>
        adapter.Count("trainable_token_indices") is > 0 and var tokens ? $", rows of {tokens} token{(tokens == 1 ? "" : "s")}" : "";

    private static string AdapterText(SettingsFile adapter) =>
        $"{adapter.Text("peft_type") ?? "no peft_type"}{(adapter.IsTrue("use_dora") ? " (DoRA)" : "")}"
        + $"{(adapter.IsTrue("use_rslora") ? " (rank-stabilised)" : "")}, "
        + $"rank {Text(adapter.Number("r"))}, alpha {Text(adapter.Number("lora_alpha"))}, on {Names(adapter.Texts("target_modules"))}; "
        + $"saves {Names(adapter.Texts("modules_to_save"))}{TokensText(adapter)}; "
        + $"base {adapter.Text("base_model_name_or_path") ?? "not named"}";

    /// <summary>What is known, for machines.</summary>
    /// <param name="problems">What is wrong with the checkpoint.</param>
    /// <param name="listsTensors">Whether to list every tensor.</param>
    public CheckpointInspection ToInspection(CheckpointProblems problems, bool listsTensors) => new()
    {
        Path = Checkpoint.Path,
        Architecture = Architecture,
        ModelType = Config?.Text("model_type"),
        Layers = Size("num_hidden_layers", "n_layers"),
        HiddenSize = Size("hidden_size", "dim"),
        Heads = Size("num_attention_heads", "n_heads"),
        KeyValueHeads = Size("num_key_value_heads"),
        Vocabulary = Size("vocab_size"),
        Positions = Size("max_position_embeddings"),
        DeclaredDtype = DeclaredType,
        Head = problems.Head,
        Licence = Licence,
        Labels = Labels,
        Quantization = Quantization,
        Adapter = Adapter is { } adapter ? InspectedAdapter.Of(adapter) : null,
        Tokenizer = TokenizerFiles,
        Parameters = Parameters,
        Tensors = Checkpoint.Entries.Count,
        Dtypes = Elements,
        Bytes = Files.Sum(file => file.Bytes),
        Files = Files,
        Problems = problems.Sentences,
        Notes = problems.Notes,
        List = listsTensors ? [.. Checkpoint.Entries.Select(InspectedTensor.Of)] : null,
        Facts = [.. Facts(problems.Head)],
    };

    private static string Names(IReadOnlyList<string> names) => names.Count > 0 ? string.Join(", ", names) : "nothing";

    private static string Text(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "not stated";
}
