namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// Which files of a model's repository are needed to use it: one kind of weights, the configuration and the tokenizer. Repositories also
/// hold the same weights for other programs (onnx, tf, flax, gguf, <c>original/</c>), often several times the size.
/// </summary>
public static class CheckpointFiles
{
    // In the order in which transformers looks for them; adapters of PEFT last.
    internal static readonly string[] Weights =
    [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
        "adapter_model.safetensors", "adapter_model.bin",
    ];

    // What the model's licence is, which people must know who use it.
    private static readonly string[] Licences = ["README.md", "LICENSE", "LICENSE.txt", "LICENSE.md"];

    // quantize_config.json and quant_config.json: where AutoGPTQ and AutoAWQ kept what config.json holds today.
    private static readonly string[] Settings =
    [
        "config.json", "generation_config.json", "adapter_config.json", "quantize_config.json", "quant_config.json",
    ];

    private static readonly string[] Tokenizers =
    [
        "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "special_tokens_map.json", "added_tokens.json",
        "chat_template.json", "chat_template.jinja",
        "vocab.json", "vocab.txt", "merges.txt", "spm.model", "spiece.model", "sentencepiece.bpe.model",
    ];

    /// <summary>True for the configuration, the files of the tokenizer and the licence, which are small.</summary>
    /// <param name="path">The path in the repository.</param>
    public static bool IsSetting(string path) => Settings.Contains(path, StringComparer.Ordinal) || IsTokenizer(path)
        || Licences.Contains(path, StringComparer.Ordinal);

    /// <summary>True for a file of the tokenizer.</summary>
    /// <param name="path">The path in the repository.</param>
    public static bool IsTokenizer(string path) =>
        Tokenizers.Contains(path, StringComparer.Ordinal)
        || (path.EndsWith(".tiktoken", StringComparison.Ordinal) && !path.Contains('/', StringComparison.Ordinal));

    /// <summary>
    /// The file to open for the weights: the best kind that is there, in one piece or its index; null where there is none.
    /// </summary>
    /// <param name="paths">The paths in the repository.</param>
    public static string? FindWeights(IReadOnlyCollection<string> paths) =>
        Array.Find(Weights, name => paths.Contains(name, StringComparer.Ordinal));

    /// <summary>True for a file that only says in which shards the weights lie.</summary>
    public static bool IsIndex(string path) => path.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>The shards that an index names, in order.</summary>
    /// <param name="index">The index, on this machine.</param>
    /// <exception cref="Core.InputException">Not an index, or one that points out of its folder.</exception>
    public static IReadOnlyList<string> Shards(string index) =>
        [.. ShardIndex.Read(index).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
