using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Transformers.Judges.Readings;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Battles that a model is asked about and does not learn from.</summary>
/// <param name="examples">The battles among others.</param>
/// <param name="battles">Which of them.</param>
/// <param name="isSymmetric">Whether the order of A and B changes nothing, so that one is enough.</param>
internal sealed class EvaluationSet(TuningExamples examples, IReadOnlyList<int> battles, bool isSymmetric)
{
    /// <summary>The battles.</summary>
    public IReadOnlyList<int> Battles => battles;

    /// <summary>The battles with A first, then, where that matters, all of them with B first.</summary>
    public IReadOnlyList<TuningRow> Rows { get; } =
    [
        .. (isSymmetric ? [false] : new[] { false, true }).SelectMany(
            isSwapped => battles.Select(battle => examples.RowOf(new Example(battle, isSwapped, 1)))),
    ];

    /// <summary>The preferences, averaged over both orders, that outputs for <see cref="Rows"/> mean.</summary>
    public Preference[] Read(float[][] outputs, OutputReading reading)
    {
        var second = isSymmetric ? null : outputs[battles.Count..];
        var votes = new ScoredVotes(outputs, second, [.. battles.Select(battle => examples.Labels[battle])]);
        return [.. Enumerable.Range(0, battles.Count).Select(i => votes.Read(reading, i))];
    }

    /// <summary>The mean log loss of preferences.</summary>
    public double LogLossOf(IReadOnlyList<Preference> preferences) =>
        preferences.Select((said, i) => LogLoss.Of(said, examples.Labels[battles[i]])).Average();
}

/// <summary>What a model said in the middle or at the end of its training.</summary>
/// <param name="Step">After how many steps.</param>
/// <param name="Preferences">Its preferences, battle by battle.</param>
/// <param name="LogLoss">Their mean log loss.</param>
internal sealed record Evaluation(int Step, Preference[] Preferences, double LogLoss);
