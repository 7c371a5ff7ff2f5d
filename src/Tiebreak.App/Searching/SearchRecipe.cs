using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.App.Recipes;
using Tiebreak.App.Training;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Data;

namespace Tiebreak.App.Searching;

/// <summary>
/// Looks for better values of some keys of a recipe: trains judges by variants of it, ends bad ones early, and writes the best variant as
/// a recipe. Killed at any moment, it goes on where it was, with the same result.
/// </summary>
public sealed record SearchRecipe
{
    /// <summary>The most trials of a search.</summary>
    public const int MostTrials = 1000;

    private const string JournalName = "trials";

    /// <summary>The recipe: a file, or the name of one that comes with Tiebreak.</summary>
    public required string Recipe { get; init; }

    /// <summary>Changes of the recipe, which all trials have: <c>key=value</c>.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What is varied: <c>key=low..high</c> or <c>key=[one, other]</c>; empty for the usual keys of such a recipe.</summary>
    public IReadOnlyList<string> Vary { get; init; } = [];

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file that says how much each battle counts, by id; null where all count the same.</summary>
    public string? Weights { get; init; }

    /// <summary>Files of what other judges said about the battles, by id: teachers.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>The recipe to write: a YAML file.</summary>
    public required string Out { get; init; }

    /// <summary>How many variants are tried, 2 and more; the first is the recipe as it is.</summary>
    public int Trials { get; init; } = 12;

    /// <summary>The share of the target's battles that the trials are scored on.</summary>
    public double Holdout { get; init; } = 0.25;

    /// <summary>The folder in which the search keeps what it has finished, and a log.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Whether a search that has begun in <see cref="WorkFolder"/> is gone on with.</summary>
    public bool Resume { get; init; }

    /// <summary>Searches.</summary>
    /// <exception cref="InputException">The recipe, a variant of it or the data cannot be used.</exception>
    /// <exception cref="TiebreakException">A file cannot be written.</exception>
    public async Task<SearchDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Trials is < 2 or > MostTrials)
            throw Wrong("trials", Invariant($"`trials` is 2 to {MostTrials}, not {Trials}."));
        if (Holdout is not (> 0 and <= Core.Training.Holdout.MaxShare))
            throw Wrong("holdout", Invariant($"`holdout` is above 0 and at most {Core.Training.Holdout.MaxShare}, not {Holdout}."));
        WritableTarget.CheckFile(Out);

        // All variants are read before the first is trained: a wrong key is told at once.
        var keys = RecipeFile.ReadKeys(Recipe, Changes);
        var space = SearchSpace.Of(keys, Vary);
        var drawn = space.Draw(Trials, context.Seed);
        JsonObject[] variants = [.. drawn.Select(values => Variant(keys, values))];
        RecipeFile[] recipes = [.. variants.Select(variant => RecipeFile.Of(Recipe, variant.DeepClone().AsObject()))];
        IJudgeTrainer[] trainers = [.. recipes.Select(recipe => context.Judges[recipe.Recipe.Kind].CreateTrainer(recipe.Recipe))];

        context = context.ReadingAs(recipes[0].Mapping);
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var (weighted, _) = WeightsInput.Of(context, set.Battles, Weights, cancellationToken);
        var (battles, _) = TeachersInput.Of(context, weighted, Teachers);
        var training = new JudgeTraining
        {
            Trainer = trainers[0],
            Kind = recipes[0].Recipe.Kind,
            Out = Out,
            Data = set.Files,
            Validation = new Holdout(Holdout),
            Target = recipes[0].Target,
            Seed = context.Seed,
            Placement = context.Placement,
        };
        var trials = new TrialTraining(context, battles, BattleSource.FindTarget(battles.Battles, recipes[0].Target), Holdout);
        var work = OpenWork(training, battles, space);
        WorkProcess.Claim(work.Folder);
        var log = new TrainingLog(work.Folder, listener: null);
        using var journal = work.OpenJournal(JournalName);
        var scores = journal.Finished.Select(record => JsonSerializer.Deserialize(record, InnerJson.Default.TrialScore)!)
            .ToDictionary(score => (score.Trial, score.Divisor));

        var rounds = SearchRounds.Of(Trials, trials.Battles);
        int[] left = [.. Enumerable.Range(1, Trials)];
        foreach (var (number, round) in rounds.Index())
        {
            if (number > 0)
                left = Best(left, round.Trials, trial => scores[(trial, rounds[number - 1].Divisor)].LogLoss);
            foreach (var trial in left)
            {
                var folder = Path.Combine(work.Folder, string.Create(CultureInfo.InvariantCulture, $"trial-{trial}-{round.Divisor}"));
                if (!scores.ContainsKey((trial, round.Divisor)))
                {
                    var recipe = trainers[trial - 1].ResolvedOptions.ToJsonString();
                    var dependsOn = new Dictionary<string, string>(StringComparer.Ordinal) { ["recipe"] = recipe };
                    var own = TrainingWork.Open(folder, dependsOn, resume: true);
                    var score = await trials.ScoreAsync(trial, recipes[trial - 1], round, own, log, cancellationToken)
                        .ConfigureAwait(false);
                    journal.Append(JsonSerializer.SerializeToUtf8Bytes(score, InnerJson.Default.TrialScore));
                    scores.Add((trial, round.Divisor), score);
                    log.Report(TrainingEvent.Now(Invariant($"trial {trial} ({round.Part}) scored"), ("log_loss", score.LogLoss)));
                }

                if (Directory.Exists(folder))
                    StorageError.Guard(folder, () => Directory.Delete(folder, recursive: true)); // the journal holds what is needed
            }
        }

        var document = new SearchDocument(this, drawn, rounds, scores, trials.HeldOut, context);
        AtomicFile.WriteText(Out, document.Comment() + YamlText.Of(variants[document.Best - 1]));
        log.Report(TrainingEvent.Now(JudgeTraining.WrittenEvent));
        return document;
    }

    // The recipe itself is in every round, so that there is something to compare the best one with.
    private static int[] Best(int[] trials, int count, Func<int, double> logLoss) =>
        [.. trials.OrderBy(logLoss).ThenBy(trial => trial).Take(count).Append(1).Distinct().Order()];

    private TrainingWork OpenWork(JudgeTraining training, LabelledBattles battles, SearchSpace space)
    {
        var dependsOn = new Dictionary<string, string>(WorkIdentity.Of(training, battles), StringComparer.Ordinal)
        {
            ["search"] = Invariant($"{Trials} trials of {space}"),
        };
        return TrainingWork.Open(WorkFolder, dependsOn, Resume);
    }

    private static JsonObject Variant(JsonObject keys, JsonObject values)
    {
        var variant = keys.DeepClone().AsObject();
        foreach (var (key, value) in values)
            RecipeFile.Set(variant, key, value?.DeepClone());
        return variant;
    }

    private static InputException Wrong(string parameter, string message) => new(message) { Parameters = [parameter] };
}
