using System.Text.RegularExpressions;
using Tiebreak.Samples.Generator.Content;

namespace Tiebreak.Samples.Generator.Writing;

/// <summary>The choice of words of a model: the same sentence sounds stiff from one and relaxed from another. English only.</summary>
internal static partial class Diction
{
    private static readonly Dictionary<string, string> Stiff = Words("stiff");

    private static readonly Dictionary<string, string> Relaxed = Words("relaxed");

    /// <summary>The text in the words of a model.</summary>
    public static string Apply(string text, Register register) => register switch
    {
        Register.Stiff => StiffWords().Replace(text, match => Stiff.GetValueOrDefault(match.Value, match.Value)),
        Register.Relaxed => RelaxedWords().Replace(text, match => Relaxed.GetValueOrDefault(match.Value, match.Value)),
        _ => text,
    };

    // Some words change their meaning with their neighbours, so only safe places are touched.
    [GeneratedRegex(
        @"\babout(?= \*?[0-9])|(?<!\b([Hh]ow|[Aa]s|[Tt]oo|[Ss]o|[Mm]ost|[Tt]he|[Aa]|[Oo]n the) )\b(uses|needs|shows|[Mm]any|often|usually|easier|whole|quickly|slowly|mostly|main|begins|grows|a lot of)\b(?! as\b)"
        + @"|\b([Pp]eople|[Bb]uy)\b|^\*?(Put|Look up|Choose|Write down|Find out|Keep|Start|Begin)(?= (?!up|out|away|together|with|from)[a-z])",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex StiffWords();

    [GeneratedRegex(
        @"\b(it is|It is|do not|Do not|does not|cannot|you are|is not|are not|you will|will not|children|very(?! roughly)|difficult|usually|for example|for instance|quickly|large|a little|they are|would not|have not|has not|hardly|Write down|Begin|begins|Choose|choose)(?= )|\babout(?= [0-9])",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex RelaxedWords();

    private static Dictionary<string, string> Words(string register) => ContentFile.Read("diction.txt")
        .Single(entry => string.Equals(entry.Name, register, StringComparison.Ordinal)).All("v")
        .Select(pair => pair.Split(" = "))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
