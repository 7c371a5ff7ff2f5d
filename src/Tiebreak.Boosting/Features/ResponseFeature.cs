namespace Tiebreak.Boosting.Features;

/// <summary>One number about a response. It enters the trees as the difference and as the sum of both sides.</summary>
/// <param name="Name">Lower case, underscores, no spaces.</param>
/// <param name="Value">Works it out from the response and the prompts of the battle.</param>
internal sealed record ResponseFeature(string Name, Func<ResponseText, ResponseText, double> Value)
{
    /// <summary>Every feature of a response. Counts enter as ln(1 + count): differences are then ratios, and giants do not dominate.</summary>
    public static IReadOnlyList<ResponseFeature> All { get; } =
    [
        Count("characters", (response, _) => response.All.Characters),
        Count("words", (response, _) => response.All.Words),
        Count("last_characters", (response, _) => response.Last.Characters),
        Count("sentences", (response, _) => response.All.Sentences),
        Count("lines", (response, _) => response.All.Lines),
        Count("paragraphs", (response, _) => response.All.Paragraphs),
        Count("different_words", (response, _) => response.Words.Count),
        Count("long_words", (response, _) => response.All.LongWords),
        Count("digits", (response, _) => response.All.Digits),
        Count("commas", (response, _) => response.All.Commas),
        Count("questions", (response, _) => response.All.Questions),
        Count("exclamations", (response, _) => response.All.Exclamations),
        Count("headers", (response, _) => response.Markdown.Headers),
        Count("bullets", (response, _) => response.Markdown.Bullets),
        Count("numbered", (response, _) => response.Markdown.Numbered),
        Count("bold", (response, _) => response.Markdown.Bold),
        Count("code_blocks", (response, _) => response.Markdown.CodeBlocks),
        Count("code_lines", (response, _) => response.Markdown.CodeLines),
        Count("inline_code", (response, _) => response.Markdown.InlineCode),
        Count("table_rows", (response, _) => response.Markdown.TableRows),
        Count("refusals", (response, _) => response.Refusals),
        Count("apologies", (response, _) => response.Apologies),
        Count("disclaimers", (response, _) => response.Disclaimers),
        new("type_token_ratio", (response, _) => Ratio(response.Words.Count, response.All.Words)),
        new("word_length", (response, _) => Ratio(response.All.WordCharacters, response.All.Words)),
        new("sentence_length", (response, _) => Math.Log(1 + Ratio(response.All.Words, response.All.Sentences))),
        new("upper_case_share", (response, _) => Ratio(response.All.UpperCase, response.All.Characters)),
        new("non_ascii_share", (response, _) => Ratio(response.All.NonAscii, response.All.Characters)),
        new("prompt_words_used", (response, prompt) => prompt.Words.ShareIn(response.Words)),
        new("words_from_prompt", (response, prompt) => response.Words.ShareIn(prompt.Words)),
    ];

    private static ResponseFeature Count(string name, Func<ResponseText, ResponseText, int> count) =>
        new(name, (response, prompt) => Math.Log(1.0 + count(response, prompt)));

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
