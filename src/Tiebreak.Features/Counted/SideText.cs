using Tiebreak.Core.Battles;
using Tiebreak.Text;
using Tiebreak.Text.Languages;

namespace Tiebreak.Features.Counted;

/// <summary>
/// What is counted on one side of a battle (or on its prompts): all turns together, and the first and the last turn apart.
/// </summary>
internal sealed class SideText
{
    private SideText()
    {
    }

    public TextStatistics All { get; private set; }

    public TextStatistics First { get; private set; }

    public TextStatistics Last { get; private set; }

    public MarkdownCounts Markdown { get; private set; }

    public MarkdownCounts LastMarkdown { get; private set; }

    public Readability Readability { get; private set; }

    public Tone Tone { get; private set; }

    public GrammarCues Grammar { get; private set; }

    public WordSet Words { get; } = new();

    public WordSet LastWords { get; private set; } = new();

    public int Refusals { get; private set; }

    public int Apologies { get; private set; }

    public int Disclaimers { get; private set; }

    public int LastRefusals { get; private set; }

    /// <summary>Turns without any text.</summary>
    public int EmptyTurns { get; private set; }

    public LanguageGuess Language { get; private set; }

    /// <summary>Counts the texts that one side has in the turns of a battle.</summary>
    public static SideText Of(Battle battle, Func<Turn, string?> text)
    {
        var side = new SideText();
        for (var i = 0; i < battle.Turns.Count; i++)
            side.Add(text(battle.Turns[i]), isFirst: i == 0, isLast: i == battle.Turns.Count - 1);
        return side;
    }

    private void Add(string? turn, bool isFirst, bool isLast)
    {
        using var words = WordScan.Of(turn);
        Last = TextStatistics.OfWords(words);
        All += Last;
        LastMarkdown = MarkdownCounts.Of(turn);
        Markdown += LastMarkdown;
        Readability += Readability.OfWords(words, Last);
        Tone += Tone.OfWords(words);
        Grammar += GrammarCues.OfWords(words);
        LastRefusals = Text.Refusals.CountRefusals(words);
        Refusals += LastRefusals;
        Apologies += Text.Refusals.CountApologies(words);
        Disclaimers += Text.Refusals.CountDisclaimers(words);
        EmptyTurns += string.IsNullOrWhiteSpace(turn) ? 1 : 0;
        Words.Add(words);
        if (isFirst)
            First = Last;
        if (!isLast)
            return;

        LastWords = isFirst ? Words : new WordSet();
        if (!isFirst)
            LastWords.Add(words);
        Language = LanguageIdentifier.Identify(turn);
    }
}
