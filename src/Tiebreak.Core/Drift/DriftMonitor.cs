using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Drift;

/// <summary>
/// Watches vote by vote whether a judge still does what it did: whether its log loss is above that of a <see cref="DriftReference"/>,
/// whether it has become surer than it is right, and whether people call more or fewer battles a tie. If nothing has changed, an alarm is
/// ever raised with a probability of at most 2 % (1.8 % for overconfidence, 0.1 % for the loss, 0.05 % for each direction of ties), however
/// often anybody looks. Most of it is spent on overconfidence, which sees with far fewer votes that a judge is wrong; the loss also sees
/// that battles have become harder for a judge that knows it.
/// </summary>
internal sealed class DriftMonitor
{
    /// <summary>Losses above it count as it: one vote against a judge that was sure must not raise an alarm by itself.</summary>
    public const double HighestLoss = 4;

    private const double OverconfidenceLevel = 0.018;
    private const double LossLevel = 0.001;
    private const double TieLevel = 0.0005;

    // The deadlines are those by which a loss of 0.15 and of 0.05 nats shall be found.
    private static readonly BettingPlan OverconfidencePlan = new(OverconfidenceLevel, [0.15, 0.45])
    {
        AtOnce = 0,
        Deadlines = [new BettingDeadline(200, 0.55), new BettingDeadline(1500, 0.3)],
    };

    private static readonly BettingPlan LossPlan = new(LossLevel, [0.15, 0.3, 0.6]);
    private static readonly BettingPlan TiePlan = new(TieLevel, [0.05, 0.15, 0.45]);

    private readonly OverconfidenceReference? _overconfidence;

    /// <summary>Begins to watch, or goes on.</summary>
    /// <param name="reference">How it was when all was well.</param>
    /// <param name="state">Where an earlier monitor with this reference stood; null to begin.</param>
    public DriftMonitor(DriftReference reference, DriftState? state = null)
    {
        _overconfidence = reference.Overconfidence;
        var lossPlan = _overconfidence is null ? LossPlan with { Level = LossLevel + OverconfidenceLevel } : LossPlan;
        Loss = new BettingProcess(reference.MostLogLoss, lossPlan, state?.Loss);
        Overconfidence = _overconfidence is null
            ? null
            : new BettingProcess(_overconfidence.Most, OverconfidencePlan, state?.Overconfidence);
        MoreTies = new BettingProcess(reference.MostTieShare, TiePlan, state?.MoreTies);
        FewerTies = new BettingProcess(1 - reference.LeastTieShare, TiePlan, state?.FewerTies);
    }

    /// <summary>Whether the log loss is above the reference.</summary>
    public BettingProcess Loss { get; }

    /// <summary>Whether the judge is surer than it is right, more than in the reference; null if that does not say it.</summary>
    public BettingProcess? Overconfidence { get; }

    /// <summary>Whether the share of ties is above the reference.</summary>
    public BettingProcess MoreTies { get; }

    /// <summary>Whether the share of ties is below the reference.</summary>
    public BettingProcess FewerTies { get; }

    /// <summary>Everything that going on needs.</summary>
    public DriftState State => new(Loss.State, MoreTies.State, FewerTies.State)
    {
        Overconfidence = Overconfidence?.State,
    };

    /// <summary>The log loss of one vote as it is counted here, in nats.</summary>
    public static double LossOf(Preference said, Preference target) => Math.Min(LogLoss.Of(said, target), HighestLoss);

    /// <summary>Takes in a vote.</summary>
    /// <param name="said">What the judge says.</param>
    /// <param name="target">What people said.</param>
    public void Add(Preference said, Preference target)
    {
        Loss.Add(LossOf(said, target));
        Overconfidence?.Add(_overconfidence!.Of(said, target));
        MoreTies.Add(target.Tie);
        FewerTies.Add(1 - target.Tie);
    }
}

/// <summary>Where a <see cref="DriftMonitor"/> stands.</summary>
internal sealed record DriftState(BettingState Loss, BettingState MoreTies, BettingState FewerTies)
{
    /// <summary>Null where the reference does not say how sure the judge was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BettingState? Overconfidence { get; init; }

    /// <summary>Whether this program can have written it.</summary>
    public bool IsPossible => IsState(Loss, bets: 3) && IsState(MoreTies, bets: 3) && IsState(FewerTies, bets: 3)
        && (Overconfidence is null || IsState(Overconfidence, bets: 2, deadlines: 2));

    private static bool IsState(BettingState? state, int bets, int deadlines = 0) =>
        state is { Values: >= 0 } && AreAmounts(state.Capital, bets)
        && (state.Deadlines is null || (AreAmounts(state.Deadlines.Capital, deadlines) && AreAmounts([state.Deadlines.Squares], 1)));

    private static bool AreAmounts(IReadOnlyList<double> amounts, int count) =>
        amounts.Count == count && amounts.All(amount => double.IsFinite(amount) && amount >= 0);
}
