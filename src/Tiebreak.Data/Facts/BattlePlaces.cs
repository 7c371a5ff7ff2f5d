using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Facts;

/// <summary>The facts of all battles of some files, and which of the battles are alike.</summary>
/// <param name="facts">The facts of the battles of all files, one file after the other.</param>
/// <param name="files">The file of each battle.</param>
/// <param name="isTest">Of each file, whether it is test data.</param>
/// <param name="nearPrompts">The group of each battle, by prompts that resemble each other.</param>
/// <param name="alikePrompts">The group of each battle, by prompts that mean the same; null where nobody asked for it.</param>
internal sealed class BattlePlaces(IReadOnlyList<BattleFacts> facts, int[] files, bool[] isTest, int[] nearPrompts, int[]? alikePrompts)
{
    private readonly HashSet<ulong> _disputed =
    [
        .. facts.Where(fact => fact.Verdict is not null)
            .GroupBy(fact => fact.ContentKey.Value, fact => fact.ContentSwapped ? fact.Verdict!.Value.Swapped() : fact.Verdict!.Value)
            .Where(votes => votes.Select(verdict => verdict.ToOutcome()).Distinct().Skip(1).Any())
            .Select(votes => votes.Key),
    ];

    public IReadOnlyList<BattleFacts> Facts { get; } = facts;

    /// <summary>Battles about the same opening prompt.</summary>
    public BattleGroups SamePrompt { get; } = BattleGroups.Of(facts.Select(fact => fact.PromptKey.Value), files, isTest);

    /// <summary>Battles whose prompts resemble each other.</summary>
    public BattleGroups NearPrompt { get; } = BattleGroups.Of(nearPrompts, files, isTest);

    /// <summary>Battles whose prompts mean the same; null where nobody asked for it.</summary>
    public BattleGroups? AlikePrompt { get; } = alikePrompts is null ? null : BattleGroups.Of(alikePrompts, files, isTest);

    /// <summary>Battles of the same texts, in either order of A and B.</summary>
    public BattleGroups SameTexts { get; } = BattleGroups.Of(facts.Select(fact => fact.ContentKey.Value), files, isTest);

    /// <summary>Whether people voted differently on the texts of a battle.</summary>
    public bool IsDisputed(int row) => _disputed.Contains(Facts[row].ContentKey.Value);
}
