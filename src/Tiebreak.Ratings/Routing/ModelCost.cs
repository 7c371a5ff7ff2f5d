namespace Tiebreak.Ratings.Routing;

/// <summary>What an answer of a model costs: so much an answer, or so much a token; in any currency, but one for all models.</summary>
public sealed record ModelCost
{
    /// <summary>The name of the model, as in the votes.</summary>
    public required string Model { get; init; }

    /// <summary>Price of a million tokens of the prompt.</summary>
    public double? InputPerMillion { get; init; }

    /// <summary>Price of a million tokens of the answer.</summary>
    public double? OutputPerMillion { get; init; }

    /// <summary>Price of one answer, whatever its length; instead of prices per token.</summary>
    public double? PerAnswer { get; init; }

    /// <summary>Seconds that an answer takes.</summary>
    public double? Seconds { get; init; }

    /// <summary>Tokens that an answer has on average. Default: as in the training battles.</summary>
    public double? OutputTokens { get; init; }

    /// <summary>True if the cost depends on the length of the prompt.</summary>
    internal bool NeedsTokens => PerAnswer is null && InputPerMillion is not null;

    /// <summary>The expected price of an answer; null if no price is known.</summary>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    public double? PriceOf(int promptTokens) => PerAnswer
        ?? (((InputPerMillion * promptTokens) + (OutputPerMillion * OutputTokens)) / 1e6);
}
