using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Embeddings;

/// <summary>
/// What a folder says about embedding texts with its model, in the files of sentence-transformers (https://sbert.net): <c>modules.json</c>
/// lists what follows the transformer, <c>1_Pooling/config.json</c> how its states become one vector, <c>sentence_bert_config.json</c> how
/// many tokens it was trained on.
/// </summary>
/// <param name="Pooling">How hidden states become one vector; null where the folder does not say.</param>
/// <param name="MaxTokens">Most tokens of a text; null where the folder does not say.</param>
internal sealed record SentenceSettings(EmbeddingPooling? Pooling, int? MaxTokens)
{
    /// <summary>The files, by their paths in the folder.</summary>
    public static readonly string[] Files =
    [
        ModulesFile, LengthFile, $"{PoolingFolder}/config.json", "config_sentence_transformers.json",
    ];

    private const string PoolingFolder = "1_Pooling";
    private const string ModulesFile = "modules.json";
    private const string LengthFile = "sentence_bert_config.json";
    private const string ModulePrefix = "sentence_transformers.models.";
    private const string MeanFlag = "pooling_mode_mean_tokens";
    private const string FirstFlag = "pooling_mode_cls_token";
    private const string LastFlag = "pooling_mode_lasttoken";
    private const int MostModules = 100;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string[] OtherFlags =
    [
        "pooling_mode_max_tokens", "pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens",
    ];

    /// <summary>Reads the files of a folder; a folder without them says nothing.</summary>
    /// <exception cref="InputException">They are damaged, or ask for something that Tiebreak does not compute.</exception>
    public static SentenceSettings Read(string folder)
    {
        var length = Path.Combine(folder, LengthFile);
        var maxTokens = File.Exists(length) ? ModelConfig.ReadFile(length).CountOrNull("max_seq_length") : null;
        var list = Path.Combine(folder, ModulesFile);
        return new SentenceSettings(File.Exists(list) ? ReadPooling(folder, list) : null, maxTokens);
    }

    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder of a model.</param>
    /// <param name="settings">What they are to say; a null leaves the file of it as it is.</param>
    /// <param name="hiddenSize">Elements of a state.</param>
    /// <param name="isCausal">True for a decoder, whose token that heads read is the last one.</param>
    public static void Write(string folder, SentenceSettings settings, int hiddenSize, bool isCausal)
    {
        if (settings.MaxTokens is { } maxTokens)
            WriteJson(LengthFile, new JsonObject { ["max_seq_length"] = maxTokens, ["do_lower_case"] = false });
        if (settings.Pooling is not { } pooling)
            return;

        WriteJson(ModulesFile, new JsonArray(
            Module(0, "", "Transformer"), Module(1, PoolingFolder, "Pooling"), Module(2, "2_Normalize", "Normalize")));
        Directory.CreateDirectory(Path.Combine(folder, PoolingFolder));
        WriteJson(Path.Combine(PoolingFolder, "config.json"), new JsonObject
        {
            ["word_embedding_dimension"] = hiddenSize,
            [FirstFlag] = pooling is EmbeddingPooling.Token && !isCausal,
            [MeanFlag] = pooling is EmbeddingPooling.Mean,
            [LastFlag] = pooling is EmbeddingPooling.Token && isCausal,
        });

        void WriteJson(string name, JsonNode json) =>
            AtomicFile.WriteText(Path.Combine(folder, name), json.ToJsonString(Indented) + "\n");

        static JsonObject Module(int index, string path, string type) => new()
        {
            ["idx"] = index,
            ["name"] = index.ToString(CultureInfo.InvariantCulture),
            ["path"] = path,
            ["type"] = ModulePrefix + type,
        };
    }

    private static EmbeddingPooling? ReadPooling(string folder, string list)
    {
        EmbeddingPooling? pooling = null;
        foreach (var (type, path) in ReadModules(list))
        {
            pooling = type switch
            {
                "Transformer" or "Normalize" => pooling,
                "Pooling" => PoolingOf(ModelConfig.ReadFile(FileOf(folder, path, list))),
                _ => throw new InputException(
                    $"{list} puts a module {type} behind the model; Tiebreak computes pooling and scaling to length 1 only."),
            };
        }

        return pooling;
    }

    private static IEnumerable<(string Type, string Path)> ReadModules(string list)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(list));
            return document.RootElement.GetArrayLength() <= MostModules
                ? [.. document.RootElement.EnumerateArray().Select(module => (
                    module.GetProperty("type").GetString()!.Split('.')[^1], module.GetProperty("path").GetString()!))]
                : throw new InputException(
                    $"{list} lists more than {MostModules} modules; get it again from where the model was published.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputException(
                $"{list} is not a list of modules with type and path; get it again from where the model was published.", exception);
        }
    }

    private static string FileOf(string folder, string path, string list)
    {
        var inside = Path.GetFullPath(folder);
        var file = Path.GetFullPath(Path.Combine(inside, path, "config.json"));
        return file.StartsWith(Path.TrimEndingDirectorySeparator(inside) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && File.Exists(file)
            ? file
            : throw new InputException($"{list} names the module {path}, whose config.json is not in {folder}.");
    }

    private static EmbeddingPooling PoolingOf(ModelConfig config)
    {
        if (Array.Find(OtherFlags, flag => config.Flag(flag, false)) is { } other)
            throw config.Unsupported(other, "false: Tiebreak pools the mean of all tokens, the first or the last");
        return (config.Flag(MeanFlag, false), config.Flag(FirstFlag, false) || config.Flag(LastFlag, false)) switch
        {
            (true, false) => EmbeddingPooling.Mean,
            (false, true) => EmbeddingPooling.Token,
            _ => throw new InputException(
                $"{config.Path} names {MeanFlag}, {FirstFlag} and {LastFlag} not exactly once; Tiebreak computes one of them."),
        };
    }

}
