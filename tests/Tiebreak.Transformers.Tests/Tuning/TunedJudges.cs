using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Testing;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tests.Judges;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Tunes tiny models as the command does.</summary>
internal static class TunedJudges
{
    private static readonly TransformerJudgeFormat Format = new();

    /// <summary>A recipe for a tiny model, with keys of <c>tuning</c> that a test may change.</summary>
    public static JsonObject Recipe(
        string model, string method, string head = "classifier", Action<JsonObject>? change = null, int maxTokens = 120)
    {
        var tuning = new JsonObject
        {
            ["method"] = method,
            ["epochs"] = 2,
            ["learning_rate"] = 0.01,
            ["checkpoint_minutes"] = 0,
        };
        change?.Invoke(tuning);
        return new JsonObject { ["model"] = model, ["head"] = head, ["max_tokens"] = maxTokens, ["tuning"] = tuning };
    }

    public static JudgeTraining Training(string bundle, JsonObject recipe, Validation validation) => new()
    {
        Trainer = Format.CreateTrainer(new Recipe(Format.Kind, recipe)),
        Kind = Format.Kind,
        Out = bundle,
        Data = [],
        Validation = validation,
        Placement = new() { Threads = 1 },
    };

    public static Task<TrainingOutcome> TrainAsync(
        string bundle, JsonObject recipe, Validation? validation = null, IReadOnlyList<Battle>? battles = null) =>
        Training(bundle, recipe, validation ?? new Holdout(0.3)).RunAsync(new LabelledBattles(battles ?? SyntheticBattles.Create(60)));

    /// <summary>What a bundle's judge says in both orders before calibration.</summary>
    public static async Task<Preference[]> AskAsync(string bundle, IReadOnlyList<Battle> battles)
    {
        await using var opened = await JudgeBundles.OpenAsync(bundle, new Placement { Threads = 1 });
        return await new SwapAveragedJudge(opened.OneOrder).JudgeAsync(battles);
    }
}
