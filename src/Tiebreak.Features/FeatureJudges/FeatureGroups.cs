using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.States;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>The groups of a recipe: which are on, how they are learned, and how they are read from a bundle.</summary>
internal static class FeatureGroups
{
    private const string Terms = "terms";
    private const string Characters = "characters";

    /// <summary>The names of the groups that a recipe has switched on.</summary>
    public static IReadOnlyList<string> On(FeatureSwitches switches) =>
    [
        .. JsonSerializer.SerializeToNode(switches, FeatureJudgeJson.Default.FeatureSwitches)!.AsObject()
            .Where(group => (bool)group.Value!).Select(group => group.Key),
    ];

    /// <summary>The features of a recipe that need no training.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="battles">The training data, which says what numbers there are.</param>
    public static CountedFeatures Counted(FeatureJudgeOptions options, IReadOnlyList<Battle> battles) =>
        new(On(options.Features), options.Features.Numbers ? NumberColumns.Learn(battles, options.Numbers) : null);

    /// <summary>The trainers of the learned groups of a recipe, in the order of their columns.</summary>
    public static IReadOnlyList<ILearnedGroupTrainer> Trainers(FeatureJudgeOptions options)
    {
        var words = new SharedTerms(TermKind.Words, options.Terms);
        var characters = new SharedTerms(TermKind.Characters, options.Characters);
        (bool IsOn, Func<ILearnedGroupTrainer> Create)[] groups =
        [
            (options.Features.Terms, () => OverTerms(Terms, "weighing words", options.Terms, words)),
            (options.Features.Characters, () => OverTerms(Characters, "weighing runs of characters", options.Characters, characters)),
            (options.Features.WordClasses, () => new WordClassTrainer(options.WordClasses, words)),
            (options.Features.Vectors, () => new VectorTrainer(options.Vectors)),
            (options.Features.Models, () => new ModelTrainer(options.Models)),
            (options.Features.States, () => new StateTrainer(options.States)),
        ];
        return [.. groups.Where(group => group.IsOn).Select(group => group.Create())];
    }

    /// <summary>Reads what <see cref="FeaturePipeline.SaveAsync"/> wrote.</summary>
    public static FeaturePipeline Read(string folder, FeatureSwitches switches)
    {
        var counted = new CountedFeatures(On(switches), switches.Numbers ? NumberColumns.Read(folder) : null);
        (bool IsOn, Func<ILearnedGroup> Read)[] groups =
        [
            (switches.Terms, () =>
                ReadLinear(folder, Terms, (terms, scales) => new TermVectoriser(new TermVocabulary(TermKind.Words, terms, scales)))),
            (switches.Characters, () => ReadLinear(
                folder, Characters, (terms, scales) => new TermVectoriser(new TermVocabulary(TermKind.Characters, terms, scales)))),
            (switches.WordClasses, () => WordClassGroup.Read(Path.Combine(folder, WordClassGroup.FileName))),
            (switches.Vectors, () => VectorGroup.Read(folder)),
            (switches.Models, () => ModelGroup.Read(folder)),
            (switches.States, () => StateGroup.Read(folder)),
        ];
        return new FeaturePipeline(counted, [.. groups.Where(group => group.IsOn).Select(group => group.Read())]);
    }

    private static LinearGroupTrainer OverTerms(string name, string stage, TermOptions options, SharedTerms shared) =>
        new(name, stage, options.L2, options.MaxSteps, job =>
        {
            var (vocabulary, vectors) = shared.Get(job, CancellationToken.None);
            return (new TermVectoriser(vocabulary), vectors);
        });

    private static LinearGroup ReadLinear(
        string folder, string name, Func<IReadOnlyList<string>, IReadOnlyList<float>, IBattleVectoriser> vectoriser)
    {
        var file = PairLinearFile.Read(Path.Combine(folder, LinearGroup.FileOf(name)));
        return new LinearGroup(name, vectoriser(file.Terms, file.Scales), file.Model);
    }
}
