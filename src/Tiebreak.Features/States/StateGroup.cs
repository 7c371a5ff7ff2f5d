using System.Numerics.Tensors;
using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.States;

/// <summary>What pooled states say: two scores of a linear model over their components, and how close the texts are.</summary>
/// <param name="vectoriser">The components.</param>
/// <param name="model">The linear model over them.</param>
internal sealed class StateGroup(StateVectoriser vectoriser, PairLinearModel model) : ILearnedGroup
{
    public const string Name = "states";
    private const string TextsFile = "state_components.tsv";
    private const string PairFile = "state_components_pair.tsv";

    public static FeatureColumn[] AllColumns { get; } =
    [
        .. LinearGroup.ColumnsOf(Name),
        new("diff_state_near_prompt", Name, IsAntisymmetric: true),
        new("near_states", Name, IsAntisymmetric: false),
    ];

    public IReadOnlyList<FeatureColumn> Columns => AllColumns;

    public static void Fill(PairLinearModel model, BattleVectors vectors, Span<float> target)
    {
        LinearGroup.Fill(model, vectors, target);
        var prompt = vectors.Prompt.Values.AsSpan(0, vectors.A.Values.Length);
        target[2] = Cosine(vectors.A.Values, prompt) - Cosine(vectors.B.Values, prompt);
        target[3] = Cosine(vectors.A.Values, vectors.B.Values);
    }

    public void Fill(Battle battle, Span<float> target) => Fill(model, vectoriser.Vectorise(battle), target);

    public async Task SaveAsync(string folder)
    {
        await vectoriser.Texts.WriteAsync(Path.Combine(folder, TextsFile)).ConfigureAwait(false);
        if (vectoriser.Pair is { } pair)
            await pair.WriteAsync(Path.Combine(folder, PairFile)).ConfigureAwait(false);
        await new PairLinearFile(vectoriser.Terms, [.. Enumerable.Repeat(1f, vectoriser.Terms.Count)], model)
            .WriteAsync(Path.Combine(folder, LinearGroup.FileOf(Name))).ConfigureAwait(false);
    }

    public static StateGroup Read(string folder)
    {
        var pair = Path.Combine(folder, PairFile);
        return new StateGroup(
            new StateVectoriser(
                PrincipalComponents.Read(Path.Combine(folder, TextsFile)), File.Exists(pair) ? PrincipalComponents.Read(pair) : null),
            PairLinearFile.Read(Path.Combine(folder, LinearGroup.FileOf(Name))).Model);
    }

    private static float Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var lengths = TensorPrimitives.Norm(one) * TensorPrimitives.Norm(other);
        return lengths > 0 ? TensorPrimitives.Dot(one, other) / lengths : 0;
    }
}
