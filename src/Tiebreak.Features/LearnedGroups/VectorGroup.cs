using System.Numerics.Tensors;
using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;
using Tiebreak.Features.TermVectors;
using Tiebreak.Features.WordVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>What word vectors say: two scores of a linear model over the mean vectors, and how close the texts are in meaning.</summary>
/// <param name="vectoriser">The mean vectors.</param>
/// <param name="model">The linear model over them.</param>
internal sealed class VectorGroup(MeanVectoriser vectoriser, PairLinearModel model) : ILearnedGroup
{
    public const string Name = "vectors";
    public const string TableFile = "word_vectors.txt";

    public static FeatureColumn[] AllColumns { get; } =
    [
        .. LinearGroup.ColumnsOf(Name),
        new("diff_meaning_of_prompt", Name, IsAntisymmetric: true),
        new("same_meaning", Name, IsAntisymmetric: false),
    ];

    public IReadOnlyList<FeatureColumn> Columns => AllColumns;

    public static void Fill(PairLinearModel model, BattleVectors vectors, Span<float> target)
    {
        LinearGroup.Fill(model, vectors, target);
        target[2] = TensorPrimitives.Dot(vectors.A.Values, vectors.Prompt.Values)
            - TensorPrimitives.Dot(vectors.B.Values, vectors.Prompt.Values);
        target[3] = TensorPrimitives.Dot(vectors.A.Values, vectors.B.Values);
    }

    public void Fill(Battle battle, Span<float> target) => Fill(model, vectoriser.Of(battle), target);

    public async Task SaveAsync(string folder)
    {
        await vectoriser.Table.WriteAsync(Path.Combine(folder, TableFile)).ConfigureAwait(false);
        var dimensions = vectoriser.Table.Dimensions;
        await new PairLinearFile(
            [.. Enumerable.Range(0, dimensions).Select(k => $"dimension_{k}")], [.. Enumerable.Repeat(1f, dimensions)], model)
            .WriteAsync(Path.Combine(folder, LinearGroup.FileOf(Name))).ConfigureAwait(false);
    }

    public static VectorGroup Read(string folder) => new(
        new MeanVectoriser(WordVectorTable.Read(Path.Combine(folder, TableFile))),
        PairLinearFile.Read(Path.Combine(folder, LinearGroup.FileOf(Name))).Model);
}
