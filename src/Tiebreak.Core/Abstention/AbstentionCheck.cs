using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Abstention;

/// <summary>What became of the promise of a rule on other labelled battles.</summary>
/// <param name="Rows">Battles whose label says whether an answer is right.</param>
/// <param name="Answered">Those that the judge answered.</param>
/// <param name="Errors">Those of them where the answer was wrong.</param>
/// <param name="ErrorAtLeast">The exact lower bound of the share of wrong answers, with the rule's confidence.</param>
/// <param name="IsBroken">True if that lies above what was promised: the promise does not carry over to these battles.</param>
internal sealed record AbstentionCheck(int Rows, int Answered, int Errors, double ErrorAtLeast, bool IsBroken)
{
    /// <summary>Checks a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="preferences">What the judge says.</param>
    /// <param name="targets">What people said, row by row.</param>
    public static AbstentionCheck Of(AbstentionRule rule, IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets)
    {
        int[] rows = [.. Enumerable.Range(0, preferences.Count).Where(i => rule.Outcome.Counts(targets[i]))];
        int[] answered = [.. rows.Where(i => rule.Answers(preferences[i]))];
        var errors = answered.Count(i => rule.Outcome.Of(preferences[i]) != targets[i].Top);
        var atLeast = BinomialTail.LowerBound(errors, answered.Length, rule.Confidence);
        return new AbstentionCheck(rows.Length, answered.Length, errors, atLeast, atLeast > rule.MaxError);
    }
}
