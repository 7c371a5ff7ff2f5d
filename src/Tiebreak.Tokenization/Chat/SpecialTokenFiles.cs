using Tiebreak.Tokenization.Formats;

namespace Tiebreak.Tokenization.Chat;

/// <summary>The tokens with a role of a model's folder, as transformers gives them to its chat template.</summary>
internal static class SpecialTokenFiles
{
    private static readonly string[] Roles =
    [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ];

    /// <summary>The tokens by role, such as <c>eos_token</c>; a role without a token is left out.</summary>
    /// <exception cref="Core.InputException">A file is damaged.</exception>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            var file = Path.Combine(folder, name);
            if (!File.Exists(file))
                continue;
            var json = JsonPart.Parse(FileContent.Read(file), file);
            foreach (var role in Roles)
            {
                if (TokenizerConfig.Token(json[role]) is { } token)
                    tokens[role] = token;
            }

            // Tokens of models that see images and the like; older folders hold a list of plain tokens here.
            if (json["extra_special_tokens"] is { IsObject: true } extra)
            {
                foreach (var (role, token) in extra.Members())
                    tokens[role] = TokenizerConfig.Token(token) ?? throw token.Error("must be a token.");
            }
        }

        return tokens;
    }
}
