using Tiebreak.Text;

namespace Tiebreak.Boosting.Features;

/// <summary>What is counted on one side of a battle (or on its prompts): all turns together, and the last turn apart.</summary>
internal sealed class ResponseText
{
    private ResponseText(TextStatistics all, TextStatistics last, MarkdownCounts markdown, WordSet words)
    {
        All = all;
        Last = last;
        Markdown = markdown;
        Words = words;
    }

    public TextStatistics All { get; }

    public TextStatistics Last { get; }

    public MarkdownCounts Markdown { get; }

    public WordSet Words { get; }

    public int Refusals { get; private init; }

    public int Apologies { get; private init; }

    public int Disclaimers { get; private init; }

    public static ResponseText Of(IEnumerable<string?> turns)
    {
        TextStatistics all = default, last = default;
        MarkdownCounts markdown = default;
        int refusals = 0, apologies = 0, disclaimers = 0;
        var words = new WordSet();
        foreach (var turn in turns)
        {
            last = TextStatistics.Of(turn);
            all += last;
            markdown += MarkdownCounts.Of(turn);
            refusals += Text.Refusals.CountRefusals(turn);
            apologies += Text.Refusals.CountApologies(turn);
            disclaimers += Text.Refusals.CountDisclaimers(turn);
            words.Add(turn);
        }

        return new ResponseText(all, last, markdown, words) { Refusals = refusals, Apologies = apologies, Disclaimers = disclaimers };
    }
}
