using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// PEFT's <c>trainable_token_indices</c>: tokens whose rows of the embedding learn while the others stay. A list is for the embedding of
/// words; a dictionary has a list for each module, by the last parts of its name.
/// </summary>
internal sealed class TokenTargets
{
    private const string Key = "trainable_token_indices";

    private readonly IReadOnlyList<(string? Module, IReadOnlyList<int> Tokens)> _lists;

    public TokenTargets(ModelConfig config)
    {
        _lists = !config.IsSet(Key) ? []
            : config.IsSection(Key) && config.Section(Key) is { } modules
                ? [.. modules.FieldNames.Select(module => ((string?)module, Read(modules, module)))]
            : [(null, Read(config, Key))];
    }

    /// <summary>One more than the highest token; 0 where there is none.</summary>
    public int End => _lists.Select(list => list.Tokens.Max() + 1).DefaultIfEmpty().Max();

    /// <summary>The tokens of a module; null: none.</summary>
    /// <param name="module">Its name.</param>
    public IReadOnlyList<int>? Of(string module) =>
        _lists.FirstOrDefault(list => list.Module is null || PeftPattern.IsLastPart(module, list.Module)).Tokens;

    /// <summary>The first token from a number on, below the highest, that is none of these; null: all are.</summary>
    public int? MissingFrom(int first)
    {
        var known = _lists.SelectMany(list => list.Tokens).ToHashSet();
        return Enumerable.Range(first, Math.Max(0, End - first)).Cast<int?>().FirstOrDefault(token => !known.Contains(token!.Value));
    }

    private static IReadOnlyList<int> Read(ModelConfig config, string key)
    {
        var tokens = config.WholesOrNull(key) ?? [];
        return tokens.Count > 0 && tokens.All(token => token >= 0) && tokens.Distinct().Count() == tokens.Count
            ? tokens
            : throw config.Unsupported(key, "ids of tokens, each of them once");
    }
}
