using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// Bins of a <see cref="CalibrationError"/>. A claim names one outcome of each row; the rows are cut by its probability into ten bins of
/// equal count, and in each the named outcomes should come true as often as the probabilities add up to.
/// </summary>
internal sealed class CalibrationBins
{
    private const int BinsOfClaim = 10;
    private const int Outcomes = 3;

    private readonly Preference[] _predicted;
    private readonly double[] _expected; // by bin, those of one claim after those of another; then a place for outcomes that no claim names
    private readonly byte[] _bins; // [rows, 3]: where it counts if the outcome comes true
    private readonly int _claims;

    /// <param name="predicted">What the judge said.</param>
    /// <param name="claims">Which outcome each claim names, given what the judge said; no two may name the same one of a row.</param>
    public CalibrationBins(IReadOnlyList<Preference> predicted, IReadOnlyList<Func<Preference, Outcome>> claims)
    {
        _predicted = [.. predicted];
        _claims = claims.Count;
        _expected = new double[(BinsOfClaim * claims.Count) + 1];
        _bins = new byte[Outcomes * predicted.Count];
        Array.Fill(_bins, (byte)(BinsOfClaim * claims.Count));
        foreach (var (claim, outcomeOf) in claims.Index())
        {
            int[] order = [.. Enumerable.Range(0, _predicted.Length).OrderBy(i => _predicted[i][outcomeOf(_predicted[i])])];
            for (var bin = 0; bin < BinsOfClaim; bin++)
            {
                var place = (BinsOfClaim * claim) + bin;
                for (var k = (int)((long)order.Length * bin / BinsOfClaim); k < (int)((long)order.Length * (bin + 1) / BinsOfClaim); k++)
                {
                    var outcome = outcomeOf(_predicted[order[k]]);
                    _bins[(Outcomes * order[k]) + (int)outcome] = (byte)place;
                    _expected[place] += _predicted[order[k]][outcome];
                }
            }
        }
    }

    /// <summary>The error against what people said, row by row.</summary>
    public double ErrorOf(IReadOnlyList<Preference> targets)
    {
        var came = new double[_expected.Length];
        for (var i = 0; i < targets.Count; i++)
        {
            for (var outcome = 0; outcome < Outcomes; outcome++)
                came[_bins[(Outcomes * i) + outcome]] += targets[i][(Outcome)outcome];
        }

        return Error(came);
    }

    /// <summary>The error against outcomes that are drawn as the judge predicted them.</summary>
    public double ErrorOfDraw(SeededRandom random)
    {
        var came = new double[_expected.Length];
        for (var i = 0; i < _predicted.Length; i++)
        {
            var draw = random.NextDouble();
            var outcome = (draw < _predicted[i].A ? 0 : 1) + (draw < _predicted[i].A + _predicted[i].B ? 0 : 1);
            came[_bins[(Outcomes * i) + outcome]]++;
        }

        return Error(came);
    }

    private double Error(double[] came)
    {
        var error = 0.0;
        for (var place = 0; place < BinsOfClaim * _claims; place++)
            error += Math.Abs(came[place] - _expected[place]);
        return error / _predicted.Length / _claims;
    }
}
