using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Trees;

/// <summary>One set of trees of a judge.</summary>
/// <param name="Name">Its name in files and messages.</param>
/// <param name="Objective">What its trees are grown for.</param>
internal sealed record TreeStage(string Name, IBoostingObjective Objective)
{
    /// <summary>A, B and tie at once.</summary>
    private static readonly IReadOnlyList<TreeStage> One = [new("trees", new SoftmaxObjective())];

    /// <summary>
    /// First whether it is a tie, then who wins. The cross-entropy of the three outcomes is the sum of both losses, so each stage may stop
    /// on its own.
    /// </summary>
    private static readonly IReadOnlyList<TreeStage> Two =
    [
        new("trees_tie", LogisticObjective.Tie), new("trees_winner", LogisticObjective.Winner),
    ];

    /// <summary>The stages of a recipe.</summary>
    public static IReadOnlyList<TreeStage> Of(BoostingOptions options) => options.TwoStage ? Two : One;

    /// <summary>The file of one of the stage's boosters: <c>trees.txt</c>, further ones <c>trees.2.txt</c> and so on.</summary>
    public string FileOf(int member) => member == 0 ? $"{Name}.txt" : $"{Name}.{member + 1}.txt";
}
