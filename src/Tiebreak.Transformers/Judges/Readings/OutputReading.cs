using Tiebreak.Core.Battles;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>Makes a preference of what a model put out for one battle.</summary>
internal abstract class OutputReading
{
    /// <summary>The parameters, for the bundle.</summary>
    public abstract ReadingParameters Parameters { get; }

    /// <summary>True if nothing is fitted on votes.</summary>
    public abstract bool IsFixed { get; }

    /// <summary>The preference of the order in which the battle was shown.</summary>
    /// <param name="outputs">The model's outputs for the battle, finite.</param>
    public abstract Preference Read(ReadOnlySpan<float> outputs);

    /// <summary>The same reading with the parameters that explain votes best.</summary>
    /// <param name="outputs">Outputs, row by row.</param>
    /// <param name="targets">What people said, in the order in which each row was shown.</param>
    public abstract OutputReading Fit(IReadOnlyList<float[]> outputs, IReadOnlyList<Preference> targets);
}
