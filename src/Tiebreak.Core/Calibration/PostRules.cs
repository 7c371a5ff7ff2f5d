using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// Corrections for special cases. A battle of a case that was seen n times gets (n * shares + k * preference) / (n + k): what the judge
/// says counts like k battles (the mean of a Dirichlet posterior with the judge's preference as the prior), so that rare cases change
/// little.
/// </summary>
/// <param name="Rules">One for each case that the training had.</param>
/// <param name="PriorRows">k.</param>
internal sealed record PostRules(IReadOnlyList<PostRule> Rules, double PriorRows = PostRules.DefaultPriorRows) : ICalibration
{
    /// <summary>How many battles the judge's own preference counts for unless said otherwise.</summary>
    public const double DefaultPriorRows = 20;

    /// <inheritdoc/>
    public bool IsValid => PriorRows > 0 && double.IsFinite(PriorRows) && Rules.All(rule => rule is { Rows: >= 0, Shares.IsValid: true });

    /// <summary>Counts how battles of each case ended.</summary>
    public static PostRules Fit(LabelledBattles labelled)
    {
        var rules = Enumerable.Range(0, labelled.Count)
            .Select(i => (Kind: CaseOf(labelled.Battles[i]), Target: labelled.Targets[i], Weight: labelled.Weights[i]))
            .Where(row => row.Kind is not null)
            .Select(row => (row.Kind!.Value.Case, Target: row.Kind.Value.IsSwapped ? row.Target.Swapped() : row.Target, row.Weight))
            .GroupBy(row => row.Case)
            .OrderBy(group => group.Key)
            .Select(group =>
            {
                var (a, b) = (group.Sum(row => row.Weight * row.Target.A), group.Sum(row => row.Weight * row.Target.B));
                if (group.Key != SpecialCase.OneEmpty)
                    a = b = (a + b) / 2;
                return new PostRule(group.Key, group.Count(), Preference.Normalised(a, b, group.Sum(row => row.Weight * row.Target.Tie)));
            });
        return new PostRules([.. rules]);
    }

    /// <summary>The case of a battle, and whether B is the side that the case calls A; null for ordinary battles.</summary>
    public static (SpecialCase Case, bool IsSwapped)? CaseOf(Battle battle)
    {
        if (battle.Turns.Count == 0)
            return null;

        var (a, b) = (
            battle.Turns.All(turn => string.IsNullOrWhiteSpace(turn.ResponseA)),
            battle.Turns.All(turn => string.IsNullOrWhiteSpace(turn.ResponseB)));
        return (a, b) switch
        {
            (true, true) => (SpecialCase.BothEmpty, false),
            (true, false) => (SpecialCase.OneEmpty, false),
            (false, true) => (SpecialCase.OneEmpty, true),
            _ => battle.Turns.All(turn => string.Equals(turn.ResponseA, turn.ResponseB, StringComparison.Ordinal))
                ? (SpecialCase.Identical, false)
                : null,
        };
    }

    /// <inheritdoc/>
    public Preference Apply(Preference preference, Battle battle)
    {
        if (CaseOf(battle) is not { } found || Rules.FirstOrDefault(rule => rule.Case == found.Case) is not { } rule)
            return preference;

        var shares = found.IsSwapped ? rule.Shares.Swapped() : rule.Shares;
        double Mean(double share, double said) => ((rule.Rows * share) + (PriorRows * said)) / (rule.Rows + PriorRows);
        return Preference.Normalised(Mean(shares.A, preference.A), Mean(shares.B, preference.B), Mean(shares.Tie, preference.Tie));
    }
}

/// <summary>How battles of a special case ended.</summary>
/// <param name="Case">The case.</param>
/// <param name="Rows">Battles of the training that it rests on.</param>
/// <param name="Shares">
/// Their verdicts. Where one side is empty, A stands for that side; in the other cases, which have no sides, A and B have their mean.
/// </param>
internal sealed record PostRule(SpecialCase Case, int Rows, Preference Shares);

/// <summary>Battles that say little by their texts and much by their kind.</summary>
internal enum SpecialCase
{
    /// <summary>Neither side said anything.</summary>
    BothEmpty,

    /// <summary>One side said nothing.</summary>
    OneEmpty,

    /// <summary>Both sides said the same.</summary>
    Identical,
}
