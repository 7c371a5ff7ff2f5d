namespace Tiebreak.Core.Battles;

/// <summary>One exchange of a battle. Any of the three texts may be missing (null) in real data.</summary>
/// <param name="Prompt">What the person wrote.</param>
/// <param name="ResponseA">What side A answered.</param>
/// <param name="ResponseB">What side B answered.</param>
public readonly record struct Turn(string? Prompt, string? ResponseA, string? ResponseB)
{
    /// <summary>The same exchange with A and B exchanged.</summary>
    public Turn Swapped() => new(Prompt, ResponseB, ResponseA);
}
