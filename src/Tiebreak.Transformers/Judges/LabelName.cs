namespace Tiebreak.Transformers.Judges;

/// <summary>What the names that configurations give to labels mean: A, B or tie.</summary>
internal static class LabelName
{
    // Words that say what is compared, or that it is better, and not which.
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "model", "response", "answer", "assistant", "completion", "output", "chatbot", "candidate", "option", "winner", "win", "wins",
        "won", "is", "better", "best", "preferred", "prefer", "prefers", "chosen", "the", "result",
    };

    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["a"] = "A",
        ["first"] = "A",
        ["left"] = "A",
        ["b"] = "B",
        ["second"] = "B",
        ["right"] = "B",
        ["tie"] = "tie",
        ["tied"] = "tie",
        ["ties"] = "tie",
        ["draw"] = "tie",
        ["equal"] = "tie",
        ["same"] = "tie",
        ["both"] = "tie",
        ["neither"] = "tie",
    };

    /// <summary>The meaning of a name; null where it says nothing (<c>LABEL_0</c>) or what Tiebreak does not know.</summary>
    public static string? Meaning(string name)
    {
        var words = new string([.. name.Select(letter => char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] telling = [.. words.Where(word => !Fillers.Contains(word))];
        return telling switch
        {
            [var word] when Meanings.TryGetValue(word, out var meaning) => meaning,
            ["1"] when words.Length > 1 => "A", // model 1; a number alone may be anything
            ["2"] when words.Length > 1 => "B",
            _ => null,
        };
    }
}
