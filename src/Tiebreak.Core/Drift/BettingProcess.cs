namespace Tiebreak.Core.Drift;

/// <summary>
/// Evidence against "the mean is at most a limit" that may be looked at after every value. Somebody begins with a capital of 1 and bets
/// that the next value exceeds the limit: a share s of the capital becomes s * (1 + bet * (value / limit - 1)). If the mean is at most the
/// limit, no bet that is chosen before the value gains on average, so that the capital ever reaches 1 / level with a probability of at most
/// level (Ville 1939), however often anybody looks: it is an e-process (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random
/// variables by betting"). The capital is spread over several bets, because the size of a change is not known beforehand, and over times at
/// which the betting begins, because the time of a change is not known either: the <see cref="BettingPlan"/> says what is bet from the
/// first value on, and a reserve goes into the steady bets little by little (Shin, Ramdas and Rinaldo 2023, "E-detectors").
/// </summary>
internal sealed class BettingProcess
{
    private readonly double _limit;
    private readonly BettingPlan _plan;
    private readonly double[] _capital;
    private readonly double[] _ofDeadlines;
    private double _squares;

    /// <summary>Begins to bet, or goes on.</summary>
    /// <param name="limit">Above 0: the largest mean that is no reason for an alarm.</param>
    /// <param name="plan">How to bet.</param>
    /// <param name="state">
    /// Where an earlier process with this limit and plan stood; null to begin. One that knows no deadlines goes on without them.
    /// </param>
    public BettingProcess(double limit, BettingPlan plan, BettingState? state = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        state ??= plan.Begin();
        (_limit, _plan) = (limit, state.Deadlines is null ? plan.WithoutDeadlines : plan);
        (_capital, Values, AlarmAt) = ([.. state.Capital], state.Values, state.AlarmAt);
        (_ofDeadlines, _squares) = ([.. state.Deadlines?.Capital ?? []], state.Deadlines?.Squares ?? 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(_capital.Length, _plan.Bets.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(_ofDeadlines.Length, _plan.Deadlines.Count);
    }

    /// <summary>How many values were bet on.</summary>
    public int Values { get; private set; }

    /// <summary>The number of the value at which the alarm was raised, counted from 1; null for none. No more is bet then.</summary>
    public int? AlarmAt { get; private set; }

    /// <summary>The capital: how many times more likely the values are if the best of the bets is right.</summary>
    public double Evidence => _plan.Reserve(Math.Max(Values - 1, 0)) + _capital.Sum() + _ofDeadlines.Sum();

    /// <summary>The evidence from which on there is an alarm.</summary>
    public double Needed => 1 / _plan.Level;

    /// <summary>Everything that going on needs.</summary>
    public BettingState State => new(Values, [.. _capital], AlarmAt)
    {
        Deadlines = _ofDeadlines.Length == 0 ? null : new DeadlineState([.. _ofDeadlines], _squares),
    };

    /// <summary>Bets on a value.</summary>
    /// <param name="value">At least 0.</param>
    public void Add(double value)
    {
        if (AlarmAt is not null)
            return;

        var gain = (value / _limit) - 1;
        var missing = Needed - Evidence;
        for (var i = 0; i < _ofDeadlines.Length; i++)
        {
            var bet = _plan.Deadlines[i].Bet(_ofDeadlines[i], _ofDeadlines[i] + missing, Values, _squares);
            _ofDeadlines[i] *= 1 + (bet * gain);
        }

        var added = Values == 0 ? 0 : (_plan.Reserve(Values - 1) - _plan.Reserve(Values)) / _capital.Length;
        for (var i = 0; i < _capital.Length; i++)
            _capital[i] = (_capital[i] + added) * (1 + (_plan.Bets[i] * gain));
        _squares += gain * gain;
        Values++;
        if (Evidence >= Needed)
            AlarmAt = Values;
    }
}
