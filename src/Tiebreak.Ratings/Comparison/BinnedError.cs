namespace Tiebreak.Ratings.Comparison;

/// <summary>Calibration error over bins of equal weight, from predictions that each stand for many votes.</summary>
internal sealed class BinnedError
{
    private const int Bins = 10;

    private readonly List<(double Probability, double Weight, double True)> _predictions = [];

    public void Add(double probability, double weight, double hits) => _predictions.Add((probability, weight, hits));

    /// <summary>The weighted mean over bins of |share that came true - mean probability|.</summary>
    public double Value()
    {
        _predictions.Sort();
        var perBin = _predictions.Sum(prediction => prediction.Weight) / Bins;
        var (error, seen, gap, bin) = (0.0, 0.0, 0.0, 1);
        foreach (var (probability, weight, hits) in _predictions)
        {
            gap += hits - (weight * probability);
            seen += weight;
            if (seen < bin * perBin)
                continue;
            error += Math.Abs(gap);
            gap = 0;
            bin = (int)(seen / perBin) + 1;
        }

        return (error + Math.Abs(gap)) / (perBin * Bins);
    }
}
