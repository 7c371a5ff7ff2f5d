namespace Tiebreak.Data.Comparing;

/// <summary>Something that can be counted in a battle and may tell two files apart.</summary>
/// <param name="Group">What kind of thing: lengths, languages, models, words or findings.</param>
/// <param name="Name">What it is: "German", "python", "prompt, characters".</param>
/// <param name="IsShare">True if a battle has it or not, so that its mean is a share; else its logarithm plus one is counted.</param>
internal sealed record ComparedFeature(string Group, string Name, bool IsShare)
{
    /// <summary>A mean as people read it.</summary>
    public double Shown(double mean) => IsShare ? mean : Math.Exp(mean) - 1;
}
