namespace Tiebreak.Client;

/// <summary>Two responses of chatbots to be compared, in a conversation of one turn or more.</summary>
public sealed record Battle
{
    /// <summary>What the caller knows the battle by; null to have it numbered.</summary>
    public string? Id { get; init; }

    /// <summary>What the person wrote, turn by turn; null where that is missing.</summary>
    public required IReadOnlyList<string?> Prompt { get; init; }

    /// <summary>What side A answered, turn by turn.</summary>
    public required IReadOnlyList<string?> ResponseA { get; init; }

    /// <summary>What side B answered, turn by turn.</summary>
    public required IReadOnlyList<string?> ResponseB { get; init; }

    /// <summary>A battle of one turn.</summary>
    /// <param name="prompt">What the person wrote.</param>
    /// <param name="responseA">What side A answered.</param>
    /// <param name="responseB">What side B answered.</param>
    public static Battle Of(string prompt, string responseA, string responseB) =>
        new() { Prompt = [prompt], ResponseA = [responseA], ResponseB = [responseB] };
}
