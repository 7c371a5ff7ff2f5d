using System.Buffers;
using Tiebreak.Text;
using Tiebreak.Text.Languages;

namespace Tiebreak.Features.Routing;

/// <summary>The countings behind <see cref="PromptCount"/>, done once per prompt.</summary>
/// <param name="Text">Characters, words, digits.</param>
/// <param name="Markdown">Lists and code.</param>
/// <param name="CodeSigns">Signs that programs have and prose has not.</param>
/// <param name="Language">The name of the language.</param>
internal readonly record struct PromptCounts(TextStatistics Text, MarkdownCounts Markdown, int CodeSigns, string Language)
{
    private static readonly SearchValues<char> Code = SearchValues.Create("{}[];<>=_\\|&#$");

    public static PromptCounts Of(string prompt)
    {
        var signs = 0;
        for (var rest = prompt.AsSpan(); rest.IndexOfAny(Code) is var next and >= 0; rest = rest[(next + 1)..])
            signs++;
        return new(TextStatistics.Of(prompt), MarkdownCounts.Of(prompt), signs, LanguageIdentifier.Identify(prompt).Name);
    }
}
