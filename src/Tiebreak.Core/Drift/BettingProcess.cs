namespace Tiebreak.Core.Drift;

/// <summary>
/// Evidence against "the mean is at most a limit" that may be looked at after every value. Somebody begins with a capital of 1 and bets
/// that the next value exceeds the limit: a share s of the capital becomes s * (1 + bet * (value / limit - 1)). If the mean is at most the
/// limit, no bet gains on average, so that the capital ever reaches 1 / level with a probability of at most level (Ville 1939), however
/// often anybody looks. The capital is spread over several bets, because the size of a change is not known beforehand, and over times at
/// which the betting begins, because the time of a change is not known either: three quarters are bet from the first value on, the rest
/// little by little. Its sum is an e-process (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting";
/// for starting times Shin, Ramdas and Rinaldo 2023, "E-detectors").
/// </summary>
internal sealed class BettingProcess
{
    private const double BetAtOnce = 0.75;
    private const double HalfOfReserve = 500; // values after which half of the reserve has been put into bets

    private readonly double _limit;
    private readonly double _level;
    private readonly IReadOnlyList<double> _bets;
    private readonly double[] _capital;

    /// <summary>Begins to bet.</summary>
    /// <param name="limit">Above 0: the largest mean that is no reason for an alarm.</param>
    /// <param name="bets">Sizes of the bets, above 0 and below 1; small ones find small changes, large ones large changes.</param>
    /// <param name="level">The probability of an alarm without a reason.</param>
    public BettingProcess(double limit, IReadOnlyList<double> bets, double level)
        : this(limit, bets, level, new BettingState(0, [.. bets.Select(_ => BetAtOnce / bets.Count)], null))
    {
    }

    /// <summary>Goes on from a state, with the limit, bets and level that it was begun with.</summary>
    public BettingProcess(double limit, IReadOnlyList<double> bets, double level, BettingState state)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfNotEqual(state.Capital.Count, bets.Count);
        (_limit, _bets, _level, _capital) = (limit, bets, level, [.. state.Capital]);
        (Values, AlarmAt) = (state.Values, state.AlarmAt);
    }

    /// <summary>How many values were bet on.</summary>
    public int Values { get; private set; }

    /// <summary>The number of the value at which the alarm was raised, counted from 1; null for none. No more is bet then.</summary>
    public int? AlarmAt { get; private set; }

    /// <summary>The capital: how many times more likely the values are if the best of the bets is right.</summary>
    public double Evidence => Reserve(Math.Max(Values - 1, 0)) + _capital.Sum();

    /// <summary>The evidence from which on there is an alarm.</summary>
    public double Needed => 1 / _level;

    /// <summary>Everything that going on needs.</summary>
    public BettingState State => new(Values, [.. _capital], AlarmAt);

    /// <summary>Bets on a value.</summary>
    /// <param name="value">At least 0.</param>
    public void Add(double value)
    {
        if (AlarmAt is not null)
            return;

        var added = Values == 0 ? 0 : (Reserve(Values - 1) - Reserve(Values)) / _capital.Length;
        var gain = (value / _limit) - 1;
        for (var i = 0; i < _capital.Length; i++)
            _capital[i] = (_capital[i] + added) * (1 + (_bets[i] * gain));
        Values++;
        if (Evidence >= Needed)
            AlarmAt = Values;
    }

    // What is not yet in any bet after a number of values: as heavy-tailed as times of change are unknown.
    private static double Reserve(int values) => (1 - BetAtOnce) * HalfOfReserve / (HalfOfReserve + values);
}

/// <summary>Where a <see cref="BettingProcess"/> stands.</summary>
/// <param name="Values">Values that were bet on.</param>
/// <param name="Capital">What each bet has made of its share.</param>
/// <param name="AlarmAt">The value at which the alarm was raised; null for none.</param>
internal sealed record BettingState(int Values, IReadOnlyList<double> Capital, int? AlarmAt);
