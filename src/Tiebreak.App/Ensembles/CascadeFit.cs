using Tiebreak.Core.Abstention;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Ensembles;

/// <summary>
/// The thresholds that a cascade can have: battles in the order of the cheap judge's entropy, and what each prefix of them costs if the
/// cheap judge decides it.
/// </summary>
internal sealed class CascadeFit
{
    private const int PointsOfCurve = 10;

    private readonly double[] _entropies; // ascending
    private readonly double[] _losses; // of a cascade in which the cheap judge decides so many battles
    private readonly double _costRatio;

    /// <param name="cheap">What the cheap judge says, battle by battle.</param>
    /// <param name="expensive">What the expensive one says.</param>
    /// <param name="targets">What people said.</param>
    /// <param name="costRatio">Time of the cheap judge for a battle, as a share of the expensive one's.</param>
    public CascadeFit(
        IReadOnlyList<Preference> cheap, IReadOnlyList<Preference> expensive, IReadOnlyList<Preference> targets, double costRatio)
    {
        _costRatio = costRatio;
        var (ofCheap, ofExpensive) = (LogLoss.PerRow(cheap, targets), LogLoss.PerRow(expensive, targets));
        double[] entropies = [.. cheap.Select(said => NamedOutcome.ThreeWay.EntropyOf(said))];
        int[] order = [.. Enumerable.Range(0, cheap.Count).OrderBy(i => entropies[i])];
        _entropies = [.. order.Select(i => entropies[i])];
        _losses = new double[order.Length + 1];
        _losses[0] = ofExpensive.Average();
        for (var i = 0; i < order.Length; i++)
            _losses[i + 1] = _losses[i] + ((ofCheap[order[i]] - ofExpensive[order[i]]) / order.Length);
    }

    /// <summary>The threshold at which most is saved while the loss grows by at most so much.</summary>
    public double ForLoss(double increase) => ThresholdOf(Array.FindLastIndex(_losses, loss => loss <= _losses[0] + increase));

    /// <summary>The threshold of the cascade that takes at most this share of the expensive judge's time.</summary>
    public double ForTime(double share) =>
        ThresholdOf((int)Math.Clamp(Math.Ceiling((1 + _costRatio - share) * _entropies.Length), 0, _entropies.Length));

    /// <summary>The share of battles that the cheap judge decides.</summary>
    public double DecidedAt(double maxEntropy) => (double)_entropies.Count(entropy => entropy <= maxEntropy) / _entropies.Length;

    /// <summary>The time, as a share of the expensive judge's.</summary>
    public double TimeAt(double maxEntropy) => _costRatio + 1 - DecidedAt(maxEntropy);

    /// <summary>Loss and time by tenths.</summary>
    public IReadOnlyList<CascadePoint> Curve() =>
    [
        .. Enumerable.Range(1, PointsOfCurve).Select(tenth =>
        {
            var count = _entropies.Length * tenth / PointsOfCurve;
            return new CascadePoint(
                (double)count / _entropies.Length, _costRatio + 1 - ((double)count / _entropies.Length), _losses[count],
                ThresholdOf(count));
        }),
    ];

    /// <summary>What a cascade says: the cheap judge's preference where that is sure.</summary>
    public static Preference[] Apply(IReadOnlyList<Preference> cheap, IReadOnlyList<Preference> expensive, double maxEntropy) =>
        [.. cheap.Zip(expensive, (one, other) => Core.Ensembles.CascadeJudge.IsSure(one, maxEntropy) ? one : other)];

    // Battles of one entropy are decided together or not at all.
    private double ThresholdOf(int count) => count == 0 ? Math.Min(0, _entropies[0]) - 1e-9 : _entropies[count - 1];
}
