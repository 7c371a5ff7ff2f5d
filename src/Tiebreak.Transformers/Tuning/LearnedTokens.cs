using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Tuning;

/// <summary>
/// The tokens of a recipe whose embeddings learn (<c>tuning.tokens</c>): ones that the tokenizer keeps whole already, spare ones of its
/// vocabulary, or new ones.
/// </summary>
internal static class LearnedTokens
{
    private const string TokenizerName = "tokenizer.json";
    private const string ConfigName = "tokenizer_config.json";
    private const string OldAddedName = "added_tokens.json";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The id of each token.</summary>
    /// <param name="tokens">The tokens of the recipe; null: none.</param>
    /// <param name="tokenizer">A tokenizer that keeps each of them whole.</param>
    public static IReadOnlyList<int> IdsOf(IReadOnlyList<string>? tokens, Tokenizer tokenizer) =>
        [.. (tokens ?? []).Select(token => IdOf(token, tokenizer)!.Value)];

    /// <summary>
    /// The tokenizer that keeps every token of a recipe whole: the one that is there, or else a folder with its files, to which the tokens
    /// that it lacks have been added. What is new gets the next ids.
    /// </summary>
    /// <param name="tokens">The tokens of the recipe; null: none.</param>
    /// <param name="tokenizer">Folder or file of the tokenizer.</param>
    /// <param name="target">The folder that is made where tokens are lacking.</param>
    /// <exception cref="InputException">Tokens are lacking, and the tokenizer is a single file.</exception>
    public static string TokenizerWith(IReadOnlyList<string>? tokens, string tokenizer, string target)
    {
        if (tokens is null)
            return tokenizer;
        var opened = TokenizerFile.Open(tokenizer);
        var next = opened.VocabularySize;
        var added = tokens.Where(token => IdOf(token, opened) is null)
            .Select(token => (Content: token, Id: opened.IdOf(token) ?? next++)).ToList();
        if (added.Count == 0)
            return tokenizer;
        if (!Directory.Exists(tokenizer))
        {
            throw new InputException($"The recipe's key \"tuning.tokens\" adds {added[0].Content} to the tokenizer {tokenizer}, which is a "
                + "single file; give a folder as the recipe's key \"tokenizer\".");
        }

        Directory.CreateDirectory(target);
        foreach (var path in Directory.EnumerateFiles(tokenizer).Where(path => CheckpointFiles.IsTokenizer(Path.GetFileName(path))))
            File.Copy(path, Path.Combine(target, Path.GetFileName(path)), overwrite: true);
        Add(target, added, opened);
        var wrong = tokens.FirstOrDefault(token => IdOf(token, TokenizerFile.Open(target)) is null);
        return wrong is null ? target : throw new InputException(
            $"The recipe's key \"tuning.tokens\" names {wrong}, which the tokenizer {tokenizer} does not keep whole; "
                + "give it another name.");
    }

    // One token, whatever stands beside it.
    private static int? IdOf(string token, Tokenizer tokenizer) =>
        tokenizer.Encode(token, new EncodeOptions { ParseSpecial = true }) is [var id]
            && string.Equals(tokenizer.TokenOf(id), token, StringComparison.Ordinal) && tokenizer.IsSpecial(id)
                ? id
                : null;

    // Each place that the folder has for added tokens: what one of them says counts alone in some of Hugging Face's versions.
    private static void Add(string folder, List<(string Content, int Id)> added, Tokenizer tokenizer)
    {
        var (whole, config) = (Read(folder, TokenizerName), Read(folder, ConfigName));
        if (whole is not null)
            Write(folder, TokenizerName, whole, () => AddToList(whole, added));
        if (config?["added_tokens_decoder"] is JsonObject decoder)
        {
            Write(folder, ConfigName, config, () => AddToDecoder(decoder, added));
        }
        else if (whole is null)
        {
            // As folders of older versions say it.
            config ??= [];
            Write(folder, ConfigName, config, () =>
            {
                var roles = (config["additional_special_tokens"] as JsonArray)?.DeepClone().AsArray() ?? [];
                foreach (var (content, _) in added)
                    roles.Add(content);
                config["additional_special_tokens"] = roles;
            });
            var numbers = Read(folder, OldAddedName) ?? [];
            Write(folder, OldAddedName, numbers, () =>
            {
                foreach (var (content, id) in added.Where(token => tokenizer.IdOf(token.Content) is null))
                    numbers[content] = id;
            });
        }
    }

    private static JsonObject? Read(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path)
        ? JsonNode.Parse(File.ReadAllBytes(path))!.AsObject()
        : null;

    private static void Write(string folder, string name, JsonObject json, Action change)
    {
        change();
        File.WriteAllText(Path.Combine(folder, name), json.ToJsonString(Readable) + "\n");
    }

    private static void AddToList(JsonObject json, List<(string Content, int Id)> added)
    {
        var list = json["added_tokens"] as JsonArray ?? [];
        json["added_tokens"] = list;
        foreach (var (content, id) in added)
        {
            foreach (var old in list.Where(item => string.Equals((string?)item?["content"], content, StringComparison.Ordinal)).ToList())
                _ = list.Remove(old);
            var token = Described(content);
            token.Insert(0, "id", id);
            list.Add(token);
        }
    }

    private static void AddToDecoder(JsonObject decoder, List<(string Content, int Id)> added)
    {
        foreach (var (content, id) in added)
            decoder[id.ToString(CultureInfo.InvariantCulture)] = Described(content);
    }

    private static JsonObject Described(string content) => new()
    {
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };
}
