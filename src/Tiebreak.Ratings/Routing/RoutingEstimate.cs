using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Routing;

/// <summary>What a way of choosing costs and how good it is, on held-out prompts.</summary>
public sealed record RoutingEstimate
{
    /// <summary>Mean cost of an answer, in the objective's unit.</summary>
    public required double Cost { get; init; }

    /// <summary>That cost as a share of always asking the reference.</summary>
    public required double CostShare { get; init; }

    /// <summary>Share of prompts that go to the reference.</summary>
    public required double ReferenceShare { get; init; }

    /// <summary>
    /// The estimated share of prompts whose answer people would call as good as the reference's or better; the reference's own answers
    /// count as such.
    /// </summary>
    public required double Quality { get; init; }

    /// <summary>Its 95 % interval, prompts as clusters.</summary>
    public required Interval QualityInterval { get; init; }

    /// <summary>Held-out votes between the chosen model and the reference, which the estimate rests on.</summary>
    public required int Votes { get; init; }

    /// <summary>
    /// Share of prompts whose chosen model has no held-out vote against the reference at all: there the prediction alone counts.
    /// </summary>
    public required double UnseenShare { get; init; }

    /// <summary>What each row moves the quality by, times the number of rows.</summary>
    internal double[] Influences { get; init; } = [];
}
