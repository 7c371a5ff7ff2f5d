using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Drift;

/// <summary>
/// Watches vote by vote whether a judge still does what it did: whether its log loss is above that of a <see cref="DriftReference"/>, and
/// whether people call more or fewer battles a tie. If nothing has changed, an alarm is ever raised with a probability of at most 2 %
/// (1.5 % for the loss, 0.25 % for each direction of ties), however often anybody looks.
/// </summary>
internal sealed class DriftMonitor
{
    /// <summary>Losses above it count as it: one vote against a judge that was sure must not raise an alarm by itself.</summary>
    public const double HighestLoss = 4;

    private const double LossLevel = 0.015;
    private const double TieLevel = 0.0025;

    private static readonly double[] LossBets = [0.15, 0.3, 0.6];
    private static readonly double[] TieBets = [0.05, 0.15, 0.45];

    /// <summary>Begins to watch, or goes on.</summary>
    /// <param name="reference">How it was when all was well.</param>
    /// <param name="state">Where an earlier monitor with this reference stood; null to begin.</param>
    public DriftMonitor(DriftReference reference, DriftState? state = null)
    {
        Loss = Process(reference.MostLogLoss, LossBets, LossLevel, state?.Loss);
        MoreTies = Process(reference.MostTieShare, TieBets, TieLevel, state?.MoreTies);
        FewerTies = Process(1 - reference.LeastTieShare, TieBets, TieLevel, state?.FewerTies);
    }

    /// <summary>Whether the log loss is above the reference.</summary>
    public BettingProcess Loss { get; }

    /// <summary>Whether the share of ties is above the reference.</summary>
    public BettingProcess MoreTies { get; }

    /// <summary>Whether the share of ties is below the reference.</summary>
    public BettingProcess FewerTies { get; }

    /// <summary>Everything that going on needs.</summary>
    public DriftState State => new(Loss.State, MoreTies.State, FewerTies.State);

    /// <summary>The log loss of one vote as it is counted here, in nats.</summary>
    public static double LossOf(Preference said, Preference target) => Math.Min(LogLoss.Of(said, target), HighestLoss);

    /// <summary>Takes in a vote.</summary>
    /// <param name="said">What the judge says.</param>
    /// <param name="target">What people said.</param>
    public void Add(Preference said, Preference target)
    {
        Loss.Add(LossOf(said, target));
        MoreTies.Add(target.Tie);
        FewerTies.Add(1 - target.Tie);
    }

    private static BettingProcess Process(double limit, double[] bets, double level, BettingState? state) =>
        state is null ? new BettingProcess(limit, bets, level) : new BettingProcess(limit, bets, level, state);
}

/// <summary>Where a <see cref="DriftMonitor"/> stands.</summary>
internal sealed record DriftState(BettingState Loss, BettingState MoreTies, BettingState FewerTies)
{
    /// <summary>Whether this program can have written it.</summary>
    public bool IsPossible => IsState(Loss) && IsState(MoreTies) && IsState(FewerTies);

    private static bool IsState(BettingState? state) =>
        state is { Values: >= 0, Capital.Count: 3 } && state.Capital.All(capital => double.IsFinite(capital) && capital >= 0);
}
