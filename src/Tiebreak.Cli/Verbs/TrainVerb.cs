using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Recipes;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs;

internal sealed class TrainVerb : Verb
{
    private readonly Argument<string> _recipe = new("recipe") { Description = "A YAML file, or a recipe that comes with Tiebreak: priors, length, text, feature, everything." };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles, in any format that Tiebreak reads.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _out = new("--out") { Description = "Folder of the bundle to write.", Required = true };
    private readonly Option<string[]> _set = new("--set") { Description = "Change the recipe: key=value, for instance boosting.leaves=16." };

    private readonly Option<bool> _ablate = new("--ablate") { Description = "Also measure the loss without each group of features (kind feature)." };

    public TrainVerb(Surface surface)
        : base("train", "Train a judge on labelled battles and save it as a bundle.", surface)
    {
        Add(_recipe);
        Add(_data);
        Add(_out);
        Add(_set);
        Add(_ablate);
    }

    /// <summary>Trains and saves, and shows the out-of-fold evaluation.</summary>
    public static async Task<TrainingOutcome> TrainAsync(
        Session session, RecipeFile recipe, IReadOnlyList<string> data, string folder, CancellationToken cancellationToken)
    {
        var trainer = session.Judges[recipe.Recipe.Kind].CreateTrainer(recipe.Recipe);
        var set = await BattleLoading.LoadAsync(session, data, BattlePurpose.Train, cancellationToken);
        var training = new JudgeTraining
        {
            Trainer = trainer,
            Kind = recipe.Recipe.Kind,
            Out = folder,
            Data = set.Files,
            Folds = recipe.Folds,
            Swap = recipe.Swap,
            Seed = session.Seed,
            Threads = session.Threads,
        };
        var outcome = await ProgressDisplay.RunAsync(
            session, progress => training.RunAsync(new LabelledBattles(set.Battles), progress, cancellationToken));
        EvaluationReport.Show(session, $"Out of fold ({recipe.Folds} prompt-grouped folds)", outcome.Result, outcome.Baselines);
        if (outcome.Manifest.Training is { } report)
            TrainingTables.Show(session, report);
        session.Say($"Saved the judge in {folder} (temperature {outcome.Manifest.Temperature:F3}).");
        return outcome;
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        string[] ablate = parse.GetValue(_ablate) ? ["ablate=true"] : [];
        var recipe = RecipeFile.Load(parse.GetRequiredValue(_recipe), [.. parse.GetValue(_set) ?? [], .. ablate]);
        var folder = parse.GetRequiredValue(_out);
        var outcome = await TrainAsync(session, recipe, parse.GetRequiredValue(_data), folder, cancellationToken);
        session.Emit(new JsonObject
        {
            ["bundle"] = folder,
            ["temperature"] = outcome.Manifest.Temperature,
            ["validation"] = outcome.Manifest.Validation.DeepClone(),
            ["training"] = outcome.Manifest.Training?.DeepClone(),
        });
        return TiebreakCommand.Ok;
    }
}
