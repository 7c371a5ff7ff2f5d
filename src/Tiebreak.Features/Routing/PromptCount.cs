using Tiebreak.Text.Languages;

namespace Tiebreak.Features.Routing;

/// <summary>What is counted in a prompt, apart from its words.</summary>
/// <param name="Name">What it is, as a person would say it.</param>
/// <param name="Value">Works it out.</param>
internal sealed record PromptCount(string Name, Func<PromptCounts, double> Value)
{
    /// <summary>All counts. Their order is that of the first columns of the features.</summary>
    public static IReadOnlyList<PromptCount> All { get; } =
    [
        new("length", counts => Log(counts.Text.Characters)),
        new("words", counts => Log(counts.Text.Words)),
        new("lines", counts => Log(counts.Text.Lines)),
        new("sentences", counts => Log(counts.Text.Sentences)),
        new("questions", counts => Log(counts.Text.Questions)),
        new("digits", counts => Log(counts.Text.Digits)),
        new("commas", counts => Log(counts.Text.Commas)),
        new("long words", counts => Share(counts.Text.LongWords, counts.Text.Words)),
        new("upper case", counts => Share(counts.Text.UpperCase, counts.Text.Characters)),
        new("not ASCII", counts => Share(counts.Text.NonAscii, counts.Text.Characters)),
        new("signs of code", counts => Log(counts.CodeSigns)),
        new("code blocks", counts => Log(counts.Markdown.CodeBlocks + counts.Markdown.InlineCode)),
        new("lists", counts => Log(counts.Markdown.Bullets + counts.Markdown.Numbered)),
        new("English", counts => counts.Language is "English" ? 1 : 0),
        new("other language", counts => counts.Language is "English" or LanguageGuess.Unknown ? 0 : 1),
    ];

    private static double Log(int count) => Math.Log(1.0 + count);

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
