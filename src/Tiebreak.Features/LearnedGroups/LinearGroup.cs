using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>The two scores of a linear model: how much speaks for A against B, and for a tie.</summary>
/// <param name="name">The group's name.</param>
/// <param name="vectoriser">What the model sees of a battle.</param>
/// <param name="model">The model.</param>
internal sealed class LinearGroup(string name, IBattleVectoriser vectoriser, PairLinearModel model) : ILearnedGroup
{
    public IReadOnlyList<FeatureColumn> Columns { get; } = ColumnsOf(name);

    public static string FileOf(string name) => $"{name}.tsv";

    public static FeatureColumn[] ColumnsOf(string name) =>
        [new($"diff_{name}_model", name, IsAntisymmetric: true), new($"tie_{name}_model", name, IsAntisymmetric: false)];

    public static void Fill(PairLinearModel model, BattleVectors vectors, Span<float> target)
    {
        var (a, tie) = model.Score(vectors);
        target[0] = (float)(2 * a);
        target[1] = (float)tie;
    }

    public void Fill(Battle battle, Span<float> target) => Fill(model, vectoriser.Of(battle), target);

    public Task SaveAsync(string folder) =>
        new PairLinearFile(vectoriser.Terms, vectoriser.Scales, model).WriteAsync(Path.Combine(folder, FileOf(name)));
}
