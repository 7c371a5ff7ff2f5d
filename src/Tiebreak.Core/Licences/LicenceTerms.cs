namespace Tiebreak.Core.Licences;

/// <summary>
/// What is known of licences by their names: those that forbid commercial use, and those with conditions that people overlook. This is no
/// legal advice, and a licence that is not known here may forbid anything.
/// </summary>
internal static class LicenceTerms
{
    // As parts of names, in lower case without spaces.
    private static readonly string[] NonCommercial =
    [
        "by-nc", "bync", "noncommercial", "non-commercial", "research-only", "researchonly", "mrl", "mnpl", "mistral-ai-research",
        "qwen-research", "competitionrules",
    ];

    private static readonly (string Part, string Name)[] Communities =
    [
        ("llama", "the Llama community licence"), ("gemma", "the Gemma terms of use"), ("tongyi", "the Tongyi Qianwen licence"),
        ("deepseek", "the DeepSeek licence"), ("falcon", "the Falcon licence"), ("openrail", "an OpenRAIL licence"),
    ];

    /// <summary>True if the licence forbids commercial use.</summary>
    public static bool ForbidsCommercialUse(string licence) =>
        Array.Exists(NonCommercial, part => Plain(licence).Contains(part, StringComparison.Ordinal));

    /// <summary>The name of a licence with conditions of its own on use, names and successors; null where none is known.</summary>
    public static string? CommunityOf(string licence) =>
        Array.Find(Communities, community => Plain(licence).Contains(community.Part, StringComparison.Ordinal)).Name;

    /// <summary>What has to be said of the parts of a judge, or of data: one sentence for each kind of limit.</summary>
    public static IEnumerable<string> Sentences(IReadOnlyList<LicenceStatement> parts)
    {
        var forbidden = parts.Where(part => part.Licence is { } licence && ForbidsCommercialUse(licence)).ToList();
        if (forbidden.Count > 0)
            yield return $"By its licence not for commercial use: {string.Join(", ", forbidden)}.";
        var communities = parts.Except(forbidden)
            .Select(part => (Part: part, Name: part.Licence is { } licence ? CommunityOf(licence) : null))
            .Where(part => part.Name is not null).ToList();
        if (communities.Count > 0)
        {
            yield return "Under a licence with conditions of its own: "
                + $"{string.Join(", ", communities.Select(part => $"{part.Part}, {part.Name}"))}.";
        }
    }

    private static string Plain(string licence) => string.Concat(licence.Where(letter => letter != ' ').Select(char.ToLowerInvariant));
}
