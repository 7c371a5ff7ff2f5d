namespace Tiebreak.Features.Counted.Groups;

/// <summary>Whether the responses answer in the language of the prompt, by the last turn.</summary>
internal static class LanguageGroup
{
    public static CountedGroup Group { get; } = new(
        "language",
        [
            new("other_language", (side, prompt) => side.Language.IsKnown && prompt.Language.IsKnown && !Same(side, prompt) ? 1 : 0),
            new("english", (side, _) => IsEnglish(side) ? 1 : 0),
        ],
        [
            new("prompt_english", (_, prompt, _, _) => IsEnglish(prompt) ? 1 : 0),
            new("languages_differ", (_, _, a, b) => a.Language.IsKnown && b.Language.IsKnown && !Same(a, b) ? 1 : 0),
        ]);

    private static bool IsEnglish(SideText side) => side.Language.Name is "English";

    private static bool Same(SideText one, SideText other) =>
        string.Equals(one.Language.Name, other.Language.Name, StringComparison.Ordinal);
}
