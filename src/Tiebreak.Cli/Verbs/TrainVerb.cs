using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Recipes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class TrainVerb : Verb
{
    private readonly Argument<string> _recipe = new("recipe") { Description = "A YAML file, or a recipe that comes with Tiebreak: priors, length, text, feature, everything, classifier, zero-shot, reward." };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles, in any format that Tiebreak reads.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _out = new("--out") { Description = "Folder of the bundle to write.", Required = true };
    private readonly Option<string[]> _set = new("--set") { Description = "Change the recipe: key=value, for instance boosting.leaves=16." };
    private readonly Option<string?> _target = new("--target") { Description = "The source that the judge is for, where the data holds several; that of the first battle otherwise." };
    private readonly Option<string?> _oof = new("--oof") { Description = "Also write the calibrated out-of-fold preferences, in the layout of a submission." };
    private readonly StatesOption _states = new();
    private readonly Option<bool> _ablate = new("--ablate") { Description = "Also measure the loss without each group of features (kind feature)." };

    public TrainVerb(Surface surface)
        : base("train", "Train a judge on labelled battles and save it as a bundle.", surface)
    {
        Add(_recipe);
        Add(_data);
        Add(_out);
        Add(_set);
        Add(_target);
        Add(_states);
        Add(_ablate);
        Add(_oof);
        AddJudgeOptions();
        Examples =
        [
            "train feature --data train.csv --out judge --oof oof.csv",
            "evaluate --predictions oof.csv --data train.csv --report report.html",
        ];
    }

    /// <summary>Trains and saves, and shows the out-of-fold evaluation.</summary>
    public static async Task<TrainingOutcome> TrainAsync(
        Session session, RecipeFile recipe, IReadOnlyList<string> data, string folder, string? oof, CancellationToken cancellationToken)
    {
        var trainer = Session.Judges[recipe.Recipe.Kind].CreateTrainer(recipe.Recipe);
        Bundle.ThrowIfNotFree(folder);
        if (oof is not null)
            WritableTarget.CheckFile(oof);
        var set = await BattleLoading.LoadAsync(session, data, BattlePurpose.Train, cancellationToken);
        var training = new JudgeTraining
        {
            Trainer = trainer,
            Kind = recipe.Recipe.Kind,
            Out = folder,
            Data = set.Files,
            Folds = recipe.Folds,
            Swap = recipe.Swap,
            Calibrator = recipe.Calibrator,
            Target = recipe.Target,
            Seed = session.Seed,
            Placement = session.Placement,
        };
        var outcome = await ProgressDisplay.RunAsync(
            session, progress => training.RunAsync(new LabelledBattles(set.Battles), progress, cancellationToken));
        if (outcome.Target.Count < set.Battles.Count)
            session.Say($"The judge is for the source \"{BattleSource.Of(outcome.Target.Battles[0])}\" ({outcome.Target.Count:N0} of {set.Battles.Count:N0} battles): only these are scored.");
        EvaluationTables.Show(session, $"Out of fold ({recipe.Folds} prompt-grouped folds)", outcome.Result, outcome.Baselines);
        if (outcome.Manifest.Training is { } report)
            TrainingTables.Show(session, report);
        CalibrationTables.Show(session, outcome);
        session.Say($"Saved the judge in {folder} ({CalibrationTables.Describe(recipe.Calibrator, outcome.Manifest)}).");
        if (oof is not null)
        {
            SubmissionFile.Write(oof, [.. outcome.Target.Battles.Select(battle => battle.Id)], outcome.OutOfFold);
            session.Say($"Wrote {oof}: out-of-fold preferences of {outcome.OutOfFold.Count:N0} battles.");
        }

        return outcome;
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        session = _states.In(parse, session);
        string[] target = parse.GetValue(_target) is { } name ? [$"target={name}"] : [];
        string[] ablate = parse.GetValue(_ablate) ? ["ablate=true"] : [];
        var recipe = RecipeFile.Load(parse.GetRequiredValue(_recipe), [.. parse.GetValue(_set) ?? [], .. target, .. ablate]);
        var folder = parse.GetRequiredValue(_out);
        var outcome = await TrainAsync(session, recipe, parse.GetRequiredValue(_data), folder, parse.GetValue(_oof), cancellationToken);
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
