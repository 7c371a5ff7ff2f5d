using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Tokenization;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// The tokens by which a generator's answers are known. An answer is written behind the template's last words and must add exactly one
/// token there: whether a space, a piece of a word or a token of its own stands for "A" depends on what precedes it.
/// </summary>
internal static class AnswerTokens
{
    /// <summary>Finds the tokens of A, B and tie, or of A and B alone where nothing is given for a tie.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="end">The template's words behind a battle; what is generated follows them.</param>
    /// <param name="answers">The answers.</param>
    /// <exception cref="InputException">An answer is no single token there; its tokens are named.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Find(Tokenizer tokenizer, string end, AnswerOptions answers)
    {
        if (end.Length == 0)
        {
            throw new InputException("A generator's answer must follow words of the template; give it a \"closing\" that asks the "
                + "question, or use the template chat.");
        }

        if (tokenizer.SpecialAfter is [var last, ..])
        {
            throw new InputException($"The tokenizer ends every text with {Name(tokenizer, last)}, so that nothing can be generated behind "
                + "it; use a model that generates text.");
        }

        var before = Encode(tokenizer, end);
        var meanings = new Dictionary<int, string>();
        return answers.Tie.Count == 0
            ? [Of("a", answers.A), Of("b", answers.B)]
            : [Of("a", answers.A), Of("b", answers.B), Of("tie", answers.Tie)];

        IReadOnlyList<int> Of(string key, IReadOnlyList<string> spellings)
        {
            if (spellings.Count == 0)
                throw new InputException($"The recipe's key \"answers.{key}\" is empty; give at least one spelling.");
            var tokens = new List<int>();
            foreach (var spelling in spellings)
            {
                var token = One(key, spelling);
                if (meanings.TryAdd(token, key))
                {
                    tokens.Add(token);
                }
                else if (!string.Equals(meanings[token], key, StringComparison.Ordinal))
                {
                    throw new InputException($"The answer \"{spelling}\" is given for answers.{key} and for answers.{meanings[token]} "
                        + $"(token {Name(tokenizer, token)}); give each answer tokens of its own.");
                }
            }

            return tokens;
        }

        int One(string key, string spelling)
        {
            var ids = Encode(tokenizer, end + spelling);
            if (!ids.AsSpan().StartsWith(before))
            {
                throw new InputException(
                    $"The answer \"{spelling}\" (answers.{key}) melts together with the end of the template, \"{Tail(end)}\"; "
                    + "end the template without a space and begin the answer with it.");
            }

            return ids.Length == before.Length + 1
                ? ids[^1]
                : throw new InputException(
                    $"The answer \"{spelling}\" (answers.{key}) is {ids.Length - before.Length} tokens of this tokenizer, "
                    + $"{string.Join(", ", ids[before.Length..].Select(id => Name(tokenizer, id)))}; choose one that is a single token, "
                    + "for instance \"C\", and let the template ask for it.");
        }
    }

    private static int[] Encode(Tokenizer tokenizer, string text) => tokenizer.Encode(text, new EncodeOptions { ParseSpecial = true });

    private static string Name(Tokenizer tokenizer, int id) => $"\"{tokenizer.TokenOf(id) ?? id.ToString(CultureInfo.InvariantCulture)}\"";

    private static string Tail(string text) => (text.Length > 20 ? "..." + text[^20..] : text).ReplaceLineEndings("\\n");
}

/// <summary>How a generator says what it prefers. Each answer may have several spellings; their probabilities add up.</summary>
internal sealed record AnswerOptions
{
    /// <summary>A is better.</summary>
    public IReadOnlyList<string> A { get; init; } = ["A"];

    /// <summary>B is better.</summary>
    public IReadOnlyList<string> B { get; init; } = ["B"];

    /// <summary>Neither is; empty: the model answers A or B only, and ties come from the tie model.</summary>
    public IReadOnlyList<string> Tie { get; init; } = ["tie"];
}
