using Tiebreak.Core.Battles;

namespace Tiebreak.Features.LightGbm;

/// <summary>Cross-entropy of one question with two answers; the score is the log odds of yes.</summary>
/// <param name="question">
/// Of a target: the weight of yes and of no. Their sum is how much the row has to say about the question.
/// </param>
internal sealed class LogisticObjective(Func<Preference, (double Yes, double No)> question) : IBoostingObjective
{
    /// <summary>Is it a tie?</summary>
    public static LogisticObjective Tie { get; } = new(target => (target.Tie, target.A + target.B));

    /// <summary>Does A win, if it is no tie?</summary>
    public static LogisticObjective Winner { get; } = new(target => (target.A, target.B));

    /// <inheritdoc/>
    public int Scores => 1;

    /// <inheritdoc/>
    public IBoostingLoss Of(LabelledRows rows) => new LogisticLoss(rows, question);

    /// <summary>ln(1 + e^x) without overflow.</summary>
    internal static double LogOnePlusExp(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
