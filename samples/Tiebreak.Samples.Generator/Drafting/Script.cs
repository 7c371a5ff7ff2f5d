using Tiebreak.Samples.Generator.Content;

namespace Tiebreak.Samples.Generator.Drafting;

/// <summary>A conversation before any model has answered: its opening turn and what the person may ask next.</summary>
internal sealed record Script(Exchange Opening, IReadOnlyList<Exchange> FollowUps)
{
    /// <summary>The language of the conversation.</summary>
    public Tongue Tongue { get; init; } = Library.English;

    /// <summary>True if people really send this prompt again and again, such as a greeting.</summary>
    public bool Repeats { get; init; }

    /// <summary>A conversation with one possible turn.</summary>
    public static Script Of(string prompt, Draft draft) => new(new Exchange(prompt, draft), []);
}
