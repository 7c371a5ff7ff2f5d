namespace Tiebreak.Features.LightGbm;

/// <summary>
/// The loss on some rows as a function of their scores. Scores are class-major: score k of row i stands at k * rows + i. It has working
/// space of its own: one thread at a time.
/// </summary>
internal interface IBoostingLoss
{
    /// <summary>First and second derivatives of the weighted loss by the scores.</summary>
    /// <param name="scores">The present scores.</param>
    /// <param name="gradient">Receives the first derivatives, laid out like the scores.</param>
    /// <param name="hessian">Receives the second ones.</param>
    void Differentiate(ReadOnlySpan<double> scores, Span<float> gradient, Span<float> hessian);

    /// <summary>The weighted mean loss, which decides when to stop.</summary>
    double Mean(ReadOnlySpan<double> scores);
}
