using System.Text.Json.Serialization;

namespace Tiebreak.Core.Drift;

/// <summary>How a capital of 1 is bet by a <see cref="BettingProcess"/>.</summary>
/// <param name="Level">The probability of an alarm without a reason.</param>
/// <param name="Bets">Sizes of steady bets, above 0 and below 1; small ones find small changes, large ones large changes.</param>
internal sealed record BettingPlan(double Level, IReadOnlyList<double> Bets)
{
    private const double HalfOfReserve = 500; // values after which half of the reserve has been put into steady bets

    /// <summary>The part of the capital that is in steady bets from the first value on, in equal shares.</summary>
    public double AtOnce { get; init; } = 0.75;

    /// <summary>The parts of the capital that are bet on an alarm by a certain value.</summary>
    public IReadOnlyList<BettingDeadline> Deadlines { get; init; } = [];

    /// <summary>The plan without its deadlines, as states of earlier versions were begun.</summary>
    public BettingPlan WithoutDeadlines => new(Level, Bets);

    /// <summary>A beginning.</summary>
    public BettingState Begin() => new(0, [.. Bets.Select(_ => AtOnce / Bets.Count)], null)
    {
        Deadlines = Deadlines.Count == 0 ? null : new DeadlineState([.. Deadlines.Select(deadline => deadline.Share)], 0),
    };

    /// <summary>What is not yet in any bet after a number of values: as heavy-tailed as times of change are unknown.</summary>
    public double Reserve(int values) =>
        (1 - AtOnce - Deadlines.Sum(deadline => deadline.Share)) * HalfOfReserve / (HalfOfReserve + values);
}

/// <summary>
/// A part of a capital that is bet so that the alarm is raised by a certain value, if it can be (Browne 1999, "Reaching goals by a
/// deadline"; Voráček and Orabona 2025, "STaR-Bets"). Before each value the bet is the one that a likelihood-ratio test of the values that
/// are left would choose to multiply the capital as is still needed: sqrt(2 ln(needed / capital) / (values left * variance)). A capital
/// that is behind so bets more than a steady one, and one that is ahead less, which comes near to the power of the best test of a fixed
/// number of values; and it is a bet like any other, known before the value.
/// </summary>
/// <param name="Values">By which value.</param>
/// <param name="Share">The part of the capital.</param>
internal sealed record BettingDeadline(int Values, double Share)
{
    private const double LargestBet = 0.9;
    private const double ExpectedVariance = 0.45; // of value / limit - 1, before there are values; counts as so many of them
    private const double ValuesExpected = 50;

    /// <summary>The bet on the next value.</summary>
    /// <param name="capital">What the part has become.</param>
    /// <param name="needed">What it must become.</param>
    /// <param name="values">Values that were bet on.</param>
    /// <param name="squares">The sum of the squares of their gains, value / limit - 1.</param>
    public double Bet(double capital, double needed, int values, double squares)
    {
        if (values >= Values || capital <= 0 || capital >= needed)
            return 0;
        var variance = ((ValuesExpected * ExpectedVariance) + squares) / (ValuesExpected + values);
        return Math.Min(Math.Sqrt(2 * Math.Log(needed / capital) / ((Values - values) * variance)), LargestBet);
    }
}

/// <summary>Where a <see cref="BettingProcess"/> stands.</summary>
/// <param name="Values">Values that were bet on.</param>
/// <param name="Capital">What each steady bet has made of its share.</param>
/// <param name="AlarmAt">The value at which the alarm was raised; null for none.</param>
internal sealed record BettingState(int Values, IReadOnlyList<double> Capital, int? AlarmAt)
{
    /// <summary>Null for plans without deadlines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DeadlineState? Deadlines { get; init; }
}

/// <summary>Where the bets with deadlines stand.</summary>
/// <param name="Capital">What each has made of its share.</param>
/// <param name="Squares">The sum of the squares of the gains of all values.</param>
internal sealed record DeadlineState(IReadOnlyList<double> Capital, double Squares);
