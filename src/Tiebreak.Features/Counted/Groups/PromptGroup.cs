namespace Tiebreak.Features.Counted.Groups;

/// <summary>What was asked: it says how likely a tie is, and what the other features mean.</summary>
internal static class PromptGroup
{
    public static CountedGroup Group { get; } = new(
        "prompt",
        [],
        [
            new("prompt_characters", (_, prompt, _, _) => Log(prompt.All.Characters)),
            new("prompt_lines", (_, prompt, _, _) => Log(prompt.All.Lines)),
            new("prompt_questions", (_, prompt, _, _) => Log(prompt.All.Questions)),
            new("prompt_code_lines", (_, prompt, _, _) => Log(prompt.Markdown.CodeLines)),
            new("prompt_digits", (_, prompt, _, _) => Log(prompt.All.Digits)),
            new("prompt_courtesies", (_, prompt, _, _) => Log(prompt.Tone.Courtesies)),
            new(
                "prompt_non_ascii_share",
                (_, prompt, _, _) => prompt.All.Characters == 0 ? 0 : (double)prompt.All.NonAscii / prompt.All.Characters),
        ]);

    private static double Log(int count) => Math.Log(1.0 + count);
}
