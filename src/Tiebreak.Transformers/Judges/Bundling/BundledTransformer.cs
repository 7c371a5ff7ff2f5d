using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Judges.Readings;

namespace Tiebreak.Transformers.Judges.Bundling;

/// <summary>The file <c>transformer.json</c> of a bundle: what the other files do not say.</summary>
/// <param name="Base">The model that the judge stands on.</param>
/// <param name="HasAdapter">Whether the bundle holds a PEFT adapter.</param>
/// <param name="TokenizerFile">
/// The tokenizer's file, where it was named as one; null: the bundle's tokenizer files are read as a folder.
/// </param>
/// <param name="Reading">What the votes were fitted to.</param>
/// <param name="Chat">
/// The chat template that the judge was trained with; null: none, as in bundles that are older than chat templates.
/// </param>
internal sealed record BundledTransformer(
    BaseModel Base,
    bool HasAdapter,
    string? TokenizerFile,
    ReadingParameters Reading,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BundledChatTemplate? Chat = null)
{
    public const string FileName = "transformer.json";

    // The folder of a model of the bundle's own.
    private const string OwnModel = "model";

    private const long MaxBytes = 16 << 20;

    /// <summary>Writes the file, the adapter and the tokenizer into a bundle.</summary>
    /// <param name="folder">The bundle.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizer">Folder or file of the tokenizer.</param>
    /// <param name="chat">The chat template that battles are written with; null: none.</param>
    /// <param name="reading">What stands between outputs and preferences.</param>
    /// <param name="holdsModel">Whether the model goes into the bundle, because it was trained for it.</param>
    public static void Write(
        string folder, JudgeRecipe recipe, string tokenizer, ChatTemplate? chat, ReadingParameters reading, bool holdsModel = false)
    {
        var options = recipe.Options;
        foreach (var path in CopiedFiles(options, tokenizer))
            File.Copy(path, Path.Combine(folder, Path.GetFileName(path)));
        if (holdsModel)
            CopyFolder(options.Model!, Path.Combine(folder, OwnModel));

        var tokenizerFile = File.Exists(tokenizer) ? Path.GetFileName(tokenizer) : null;
        var model = holdsModel ? BaseModel.Inside(folder, OwnModel) : BaseModel.Of(options.Model!, folder);
        var bundled = new BundledTransformer(
            model, options.Adapter is not null, tokenizerFile, reading, BundledChatTemplate.Of(chat));
        File.WriteAllBytes(
            Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(bundled, TransformerJudgeJson.Default.BundledTransformer));
    }

    /// <summary>A hash of all files that a model's outputs depend on.</summary>
    public static string HashOf(JudgeRecipe recipe, string tokenizer, ChatTemplate? chat)
    {
        var model = recipe.Options.Model!;
        var copied = CopiedFiles(recipe.Options, tokenizer).Order(StringComparer.Ordinal).Select(BaseModelFile.Of);
        var lines = BaseModel.Of(model, bundle: model).Files.Concat(copied)
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Bytes} {file.Sha256}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines) + chat?.Source)));
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">It is missing or damaged.</exception>
    public static BundledTransformer Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path) || FileSize.Of(path) > MaxBytes)
            {
                throw new InputException($"The bundle {folder} is incomplete: {FileName} is missing or no such file. "
                    + "Copy the whole folder, or train the judge again.");
            }

            return JsonSerializer.Deserialize(File.ReadAllBytes(path), TransformerJudgeJson.Default.BundledTransformer)!;
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is damaged: {exception.Message} Restore the bundle or train the judge again.", exception);
        }
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static IEnumerable<string> CopiedFiles(TransformerJudgeOptions options, string tokenizer)
    {
        var ofTokenizer = File.Exists(tokenizer)
            ? TokenizerFiles(tokenizer)
            : Directory.EnumerateFiles(tokenizer).Where(path => CheckpointFiles.IsTokenizer(Path.GetFileName(path)));
        return options.Adapter is { } adapter
            ? ofTokenizer.Concat(StoredAdapter.FilesIn(adapter).Select(name => Path.Combine(adapter, name)))
            : ofTokenizer;
    }

    // vocab.json is nothing without the merges beside it.
    private static IEnumerable<string> TokenizerFiles(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string[] beside = Path.GetFileName(file) is "vocab.json" or "merges.txt"
            ? ["vocab.json", "merges.txt", "tokenizer_config.json"]
            : [];
        return beside.Select(name => Path.Combine(folder, name)).Where(File.Exists)
            .Append(Path.GetFullPath(file)).Distinct(StringComparer.Ordinal);
    }
}

/// <summary>A chat template in a bundle: a judge keeps the one that it was trained with, whatever becomes of the model's folder.</summary>
/// <param name="Source">The template.</param>
/// <param name="SpecialTokens">The tokens that it may name.</param>
internal sealed record BundledChatTemplate(string Source, IReadOnlyDictionary<string, string> SpecialTokens)
{
    public static BundledChatTemplate? Of(ChatTemplate? template) =>
        template is null ? null : new BundledChatTemplate(template.Source, template.SpecialTokens);

    /// <exception cref="TiebreakException">It was written by a newer version that knows more of Jinja.</exception>
    public ChatTemplate Open() => ChatTemplate.Parse(Source, SpecialTokens);
}
