using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>What <see cref="PairLinearTrainer"/> learns from; one entry per battle in each.</summary>
/// <param name="Battles">The vectors.</param>
/// <param name="Targets">The labels.</param>
/// <param name="Weights">How much each battle counts.</param>
/// <param name="Folds">The fold of each battle, from 0.</param>
public sealed record PairLinearRows(
    IReadOnlyList<BattleVectors> Battles, IReadOnlyList<Preference> Targets, IReadOnlyList<double> Weights, IReadOnlyList<int> Folds);
