namespace Tiebreak.Text;

/// <summary>What counts the tokens of a text: a tokenizer, or the estimate where there is none.</summary>
/// <param name="Name">How tables name it, continuing "tokens are".</param>
/// <param name="Count">The tokens of a text, without special ones; called on many threads.</param>
public sealed record TokenCounter(string Name, Func<string, int> Count)
{
    /// <summary>The estimate, which needs no tokenizer.</summary>
    public static TokenCounter Estimate { get; } = new(TokenEstimate.Accuracy, TokenEstimate.Of);
}
