using Tiebreak.Samples.Generator.Chance;

namespace Tiebreak.Samples.Generator.Writing;

/// <summary>How people type: some without capitals, some with slips, some with a please.</summary>
internal static class Typing
{
    /// <summary>The prompt as one of many people would type it.</summary>
    public static string Humanise(Dice dice, string prompt)
    {
        // Pasted code and passages stay as they are.
        if (prompt.Contains('\n', StringComparison.Ordinal)) return prompt;
        return dice.Weighted([0.8, 0.09, 0.05, 0.03, 0.03]) switch
        {
            1 => prompt.ToLowerInvariant().TrimEnd('.', '?', '!'),
            2 => Slips.Add(dice, prompt, 0.1).Text,
            3 => "Hi! " + prompt,
            4 => prompt + " Thanks!",
            _ => prompt,
        };
    }
}
