using System.Text.Json.Serialization;

namespace Tiebreak.App.Auditing;

/// <summary>Weights by which a training file looks like a test file.</summary>
/// <param name="Out">The file that was written.</param>
/// <param name="Least">The smallest weight.</param>
/// <param name="Most">The largest weight.</param>
/// <param name="EffectiveBattles">How many battles that count the same would be as sure.</param>
/// <param name="Battles">The battles of the training file.</param>
public sealed record WrittenWeights(string Out, double Least, double Most, double EffectiveBattles, int Battles)
{
    [JsonIgnore]
    internal string Summary =>
        Invariant($"Wrote {Out}: a weight for each battle of the training file, {Least:G3} to {Most:G3}. With them it looks more like the ")
        + Invariant($"test file, and its {Battles:N0} battles are as sure as {EffectiveBattles:N0} that count the same. ")
        + "`tiebreak train` takes the file as weights.";
}
