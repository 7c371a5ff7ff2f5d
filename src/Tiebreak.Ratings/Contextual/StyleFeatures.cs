using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Text.Languages;

namespace Tiebreak.Ratings.Contextual;

/// <summary>
/// Features of style that are counted in the texts: for counts, (a - b) / (a + b + 1) as in FastChat; nothing inside fenced code counts as
/// markdown.
/// </summary>
public static class StyleFeatures
{
    /// <summary>What the Arena controls for: length in (estimated) tokens, headers, list items, bold spans.</summary>
    public static IReadOnlyList<string> Arena { get; } = ["length", "headers", "lists", "bold"];

    /// <summary>
    /// All that can be asked for: also code blocks, tables, refusals, whether a response is in the prompt's language, and the position
    /// (side A).
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. Arena, "code", "tables", "refusal", "language", "position"];

    /// <summary>Counts battles on many threads.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="names">Which features, of <see cref="Names"/>.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="InputException">There is no such feature, or one is the same on both sides of all battles.</exception>
    public static FeatureTable Of(IReadOnlyList<Battle> battles, IReadOnlyList<string> names, int threads)
    {
        return FeatureTable.Of(names, Differences(battles, names, threads));
    }

    /// <summary>Counts battles, and leaves features out that are the same on both sides of every battle, unless all are.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="names">Which features, of <see cref="Names"/>.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="InputException">All features are the same on both sides of all battles.</exception>
    internal static FeatureTable OfVaried(IReadOnlyList<Battle> battles, IReadOnlyList<string> names, int threads) =>
        OfVaried(names, Differences(battles, names, threads));

    /// <summary>The same of features that have been counted.</summary>
    /// <param name="names">The names of the features.</param>
    /// <param name="differences">Side A less side B, vote after vote: [votes, features].</param>
    /// <exception cref="InputException">All features are the same on both sides of all battles.</exception>
    internal static FeatureTable OfVaried(IReadOnlyList<string> names, double[] differences)
    {
        var rows = differences.Length / names.Count;
        int[] varied = [.. Enumerable.Range(0, names.Count).Where(k => Enumerable.Range(0, rows)
            .Any(row => differences[(row * names.Count) + k] != 0))];
        return varied.Length == 0
            ? FeatureTable.Of(names, differences)
            : FeatureTable.Of(
                [.. varied.Select(k => names[k])],
                [.. Enumerable.Range(0, rows).SelectMany(row => varied.Select(k => differences[(row * names.Count) + k]))]);
    }

    private static double[] Differences(IReadOnlyList<Battle> battles, IReadOnlyList<string> names, int threads)
    {
        if (names.FirstOrDefault(name => !Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new InputException($"There is no style feature {unknown}; known are {string.Join(", ", Names)}.");

        var differences = new double[battles.Count * names.Count];
        Parallel.For(0, battles.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, row =>
        {
            var (a, b) = AnswerStyle.OfBoth(battles[row]);
            for (var k = 0; k < names.Count; k++)
                differences[(row * names.Count) + k] = Difference(names[k], a, b, battles[row]);
        });
        return differences;
    }

    /// <summary>A feature of one battle.</summary>
    /// <param name="name">Which, of <see cref="Names"/>.</param>
    /// <param name="a">How side A writes in it.</param>
    /// <param name="b">How side B does.</param>
    /// <param name="battle">The battle.</param>
    internal static double Difference(string name, AnswerStyle a, AnswerStyle b, Battle battle) => name switch
    {
        "length" => Relative(a.Tokens, b.Tokens),
        "headers" => Relative(a.Markdown.Headers, b.Markdown.Headers),
        "lists" => Relative(a.Markdown.Bullets + a.Markdown.Numbered, b.Markdown.Bullets + b.Markdown.Numbered),
        "bold" => Relative(a.Markdown.Bold, b.Markdown.Bold),
        "code" => Relative(a.Markdown.CodeBlocks, b.Markdown.CodeBlocks),
        "tables" => Relative(a.Markdown.TableRows, b.Markdown.TableRows),
        "refusal" => Relative(a.Refusals, b.Refusals),
        "language" => LanguageMatch(battle),
        _ => 1,
    };

    private static double Relative(double a, double b) => (a - b) / (a + b + 1);

    private static double LanguageMatch(Battle battle)
    {
        var asked = LanguageOf(string.Join('\n', battle.Turns.Select(turn => turn.Prompt)));
        return (string.Equals(LanguageOf(string.Join('\n', battle.Turns.Select(turn => turn.ResponseA))), asked, StringComparison.Ordinal)
            ? 1
            : 0)
            - (string.Equals(LanguageOf(string.Join('\n', battle.Turns.Select(turn => turn.ResponseB))), asked, StringComparison.Ordinal)
                ? 1
                : 0);
    }

    private static string LanguageOf(string text) => LanguageIdentifier.Identify(text).Name;
}
