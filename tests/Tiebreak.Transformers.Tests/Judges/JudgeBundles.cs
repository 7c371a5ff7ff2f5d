using System.Text.Json.Nodes;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Testing;
using Tiebreak.Transformers.Judges;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Trains and opens bundles as the command does.</summary>
internal static class JudgeBundles
{
    private static readonly TransformerJudgeFormat Format = new();

    public static Task<TrainingOutcome> TrainAsync(string bundle, JsonObject recipe, int battles = 60) => new JudgeTraining
    {
        Trainer = Format.CreateTrainer(new Recipe(Format.Kind, recipe)),
        Kind = Format.Kind,
        Out = bundle,
        Data = [],
        Validation = new CrossValidation(3),
        Placement = new() { Threads = 2 },
    }.RunAsync(new LabelledBattles(SyntheticBattles.Create(battles)));

    public static Task<Bundle> OpenAsync(string bundle, Placement? placement = null) =>
        Bundle.OpenAsync(bundle, new JudgeRegistry([Format]), placement ?? new Placement { Threads = 2 });
}
