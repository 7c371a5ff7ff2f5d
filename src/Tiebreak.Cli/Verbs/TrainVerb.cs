using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Recipes;
using Tiebreak.Core;
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
    private readonly Option<string?> _oof = new("--oof") { Description = "Also write the calibrated out-of-fold (or held-out) preferences, in the layout of a submission." };
    private readonly Option<string?> _work = new("--work")
    {
        Description = "A folder in which a long training keeps what it has finished, and a log.",
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the training in --work; begin it if there is none." };
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
        Add(_work);
        Add(_resume);
        AddJudgeOptions();
        Examples =
        [
            "train feature --data train.csv --out judge --oof oof.csv",
            "evaluate --predictions oof.csv --data train.csv --report report.html",
        ];
    }

    /// <summary>Trains and saves, and shows the evaluation on battles not learned from.</summary>
    public static async Task<TrainingOutcome> TrainAsync(
        Session session,
        RecipeFile recipe,
        IReadOnlyList<string> data,
        string folder,
        string? oof,
        string? work,
        bool resume,
        CancellationToken cancellationToken)
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
            Validation = recipe.Validation,
            Swap = recipe.Swap,
            Calibrator = recipe.Calibrator,
            Target = recipe.Target,
            Seed = session.Seed,
            Placement = session.Placement,
            WorkFolder = work,
            Resume = resume,
        };
        var outcome = await ProgressDisplay.RunAsync(
            session, progress => training.RunAsync(new LabelledBattles(set.Battles), progress, cancellationToken));
        SayTarget(session, set.Battles, outcome);
        EvaluationTables.Show(session, Title(outcome.Manifest), outcome.Result, outcome.Baselines);
        if (outcome.Manifest.Training is { } report)
            TrainingTables.Show(session, report);
        CalibrationTables.Show(session, outcome);
        session.Say($"Saved the judge in {folder} ({CalibrationTables.Describe(recipe.Calibrator, outcome.Manifest)}).");
        if (oof is not null)
        {
            SubmissionFile.Write(oof, [.. outcome.Target.Battles.Select(battle => battle.Id)], outcome.OutOfFold);
            session.Say(outcome.Manifest.Holdout is null
                ? $"Wrote {oof}: out-of-fold preferences of {outcome.OutOfFold.Count:N0} battles."
                : $"Wrote {oof}: preferences of the {outcome.OutOfFold.Count:N0} battles held out, and of no others.");
        }

        return outcome;
    }

    private static void SayTarget(Session session, IReadOnlyList<Battle> battles, TrainingOutcome outcome)
    {
        var source = BattleSource.Of(outcome.Target.Battles[0]);
        var ofTarget = battles.Count(battle => string.Equals(BattleSource.Of(battle), source, StringComparison.Ordinal));
        if (ofTarget < battles.Count)
            session.Say($"The judge is for the source \"{source}\" ({ofTarget:N0} of {battles.Count:N0} battles): only these are scored.");
        if (outcome.Manifest.Holdout is { LeftOut: > 0 and var leftOut })
            session.Say($"{leftOut:N0} battles of other sources are about prompts that are held out, and were not trained on.");
    }

    private static string Title(BundleManifest manifest) => manifest.Holdout is { } holdout
        ? $"Hold-out ({holdout.Battles:N0} battles of {holdout.Prompts:N0} prompts)"
        : $"Out of fold ({manifest.Folds} prompt-grouped folds)";

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        session = _states.In(parse, session);
        string[] target = parse.GetValue(_target) is { } name ? [$"target={name}"] : [];
        string[] ablate = parse.GetValue(_ablate) ? ["ablate=true"] : [];
        var recipe = RecipeFile.Load(parse.GetRequiredValue(_recipe), [.. parse.GetValue(_set) ?? [], .. target, .. ablate]);
        var folder = parse.GetRequiredValue(_out);
        var (work, resume) = (parse.GetValue(_work), parse.GetValue(_resume));
        if (resume && work is null)
            throw new InputException("--resume needs --work: the folder that holds what the training has finished.");
        var outcome = await TrainAsync(
            session, recipe, parse.GetRequiredValue(_data), folder, parse.GetValue(_oof), work, resume, cancellationToken);
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
