using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;
using Tiebreak.Features.Identification;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>
/// Which models seem to have written the responses, and what that says: the strengths of the models, weighed by their probabilities, and
/// the chance that one model wrote both.
/// </summary>
/// <param name="identifier">Tells the writers.</param>
/// <param name="strengths">How strong each model is, and how often its battles are ties; fitted on true names.</param>
internal sealed class ModelGroup(ModelIdentifier identifier, PairLinearModel strengths) : ILearnedGroup
{
    public const string Name = "models";
    public const string IdentifierFileName = "identifier.tsv";

    public static FeatureColumn[] AllColumns { get; } =
    [
        .. LinearGroup.ColumnsOf(Name),
        new("diff_certainty_of_model", Name, IsAntisymmetric: true),
        new("same_model", Name, IsAntisymmetric: false),
    ];

    public IReadOnlyList<FeatureColumn> Columns => AllColumns;

    public static void Fill(ModelIdentifier identifier, PairLinearModel strengths, BattleTexts texts, Span<float> target)
    {
        var (a, b) = (identifier.Identify(texts.A), identifier.Identify(texts.B));
        var vectors = new BattleVectors(new TermVector([], []), Dense(a), Dense(b));
        LinearGroup.Fill(strengths, vectors, target);
        target[2] = (float)(a.Max() - b.Max());
        target[3] = (float)a.Zip(b, (one, other) => one * other).Sum();
    }

    public void Fill(Battle battle, Span<float> target) => Fill(identifier, strengths, BattleTexts.Of(battle), target);

    public async Task SaveAsync(string folder)
    {
        await IdentifierFile.WriteAsync(Path.Combine(folder, IdentifierFileName), identifier).ConfigureAwait(false);
        await new PairLinearFile(identifier.Models, [.. identifier.Models.Select(_ => 1f)], strengths)
            .WriteAsync(Path.Combine(folder, LinearGroup.FileOf(Name))).ConfigureAwait(false);
    }

    public static ModelGroup Read(string folder) => new(
        IdentifierFile.Read(Path.Combine(folder, IdentifierFileName)),
        PairLinearFile.Read(Path.Combine(folder, LinearGroup.FileOf(Name))).Model);

    private static TermVector Dense(double[] probabilities) =>
        new([.. Enumerable.Range(0, probabilities.Length)], [.. probabilities.Select(probability => (float)probability)]);
}
