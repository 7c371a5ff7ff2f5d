using Tiebreak.Core.Battles;

namespace Tiebreak.Runs.Rehearsals;

/// <summary>A property of battles that has broken somebody's run.</summary>
/// <param name="Name">What it is, as a person would say it.</param>
/// <param name="Degree">How much a battle has of it; 0 for nothing.</param>
/// <param name="MadeUp">A battle that has it, for data in which none does.</param>
internal sealed record Nastiness(string Name, Func<Battle, long> Degree, Battle MadeUp)
{
    /// <summary>Everything that a rehearsal must survive.</summary>
    public static IReadOnlyList<Nastiness> All { get; } =
    [
        new("missing texts", battle => Count(battle, text => text is null), Of(new Turn(null, null, null))),
        new("empty texts", battle => Count(battle, text => text is { Length: 0 }), Of(new Turn("", "", ""))),
        new(
            "longest",
            Length,
            Of(new Turn("Write a long story.", string.Concat(Enumerable.Repeat("Once more upon a time. ", 5_000)), "No."))),
        new(
            "most turns",
            battle => battle.Turns.Count > 1 ? battle.Turns.Count : 0,
            Of([.. Enumerable.Repeat(new Turn("And then?", "This.", "That."), 40)])),
        new("identical responses", battle => battle.Turns.Any(turn => turn.ResponseA is { Length: > 0 } a
            && string.Equals(a, turn.ResponseB, StringComparison.Ordinal)) ? 1 : 0, Of(new Turn("Hi", "Hello!", "Hello!"))),
        new("not Latin", battle => Count(battle, IsNotLatin), Of(new Turn("你好，你是谁？", "我是一个助手。🙂", "مرحبا"))),
    ];

    private static Battle Of(params Turn[] turns) => new() { Id = "made up", Turns = turns };

    private static int Count(Battle battle, Func<string?, bool> has) =>
        battle.Turns.Sum(turn => (has(turn.Prompt) ? 1 : 0) + (has(turn.ResponseA) ? 1 : 0) + (has(turn.ResponseB) ? 1 : 0));

    private static long Length(Battle battle) =>
        battle.Turns.Sum(turn => (long)(turn.Prompt?.Length ?? 0) + (turn.ResponseA?.Length ?? 0) + (turn.ResponseB?.Length ?? 0));

    // More than a third of the characters lie beyond the Latin blocks.
    private static bool IsNotLatin(string? text) => text is { Length: > 0 } && text.Count(c => c > '\u024F') * 3 > text.Length;
}
