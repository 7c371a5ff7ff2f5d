using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>A model's outputs for battles that people have voted on.</summary>
/// <param name="First">Outputs with A shown first, row by row.</param>
/// <param name="Second">Outputs with B shown first; null for models that do not see an order.</param>
/// <param name="Targets">The votes.</param>
internal sealed record ScoredVotes(float[][] First, float[][]? Second, Preference[] Targets)
{
    /// <summary>Fits a reading to some of the rows: both orders count, so that a favourite position is seen for what it is.</summary>
    public OutputReading Fit(OutputReading reading, Func<int, bool> includes)
    {
        if (reading.IsFixed)
            return reading;
        var (outputs, targets) = (new List<float[]>(), new List<Preference>());
        for (var i = 0; i < Targets.Length; i++)
        {
            if (!includes(i))
                continue;
            outputs.Add(First[i]);
            targets.Add(Targets[i]);
            if (Second is null)
                continue;
            outputs.Add(Second[i]);
            targets.Add(Targets[i].Swapped());
        }

        return reading.Fit(outputs, targets);
    }

    /// <summary>The preference for a row: the mean of both orders.</summary>
    public Preference Read(OutputReading reading, int row)
    {
        var first = reading.Read(First[row]);
        return Second is null ? first : SwapAveragedJudge.Mean(first, reading.Read(Second[row]).Swapped());
    }
}
