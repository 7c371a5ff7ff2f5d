using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.App.Evaluating;
using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Ensembles;

/// <summary>
/// Trains a judge on what others say: a bundle of kind <c>stack</c>, in which the preferences of the members are numbers of the battle for
/// a judge that a recipe trains, beside the texts and states that the recipe asks for.
/// </summary>
public sealed record StackJudges
{
    /// <summary>The judges, and the battles that the judge on top learns from.</summary>
    public required MemberInput Members { get; init; }

    /// <summary>How the judge on top is trained; its kind must learn from numbers.</summary>
    public required RecipeFile Recipe { get; init; }

    /// <summary>Folder of the bundle to write.</summary>
    public required string Out { get; init; }

    /// <summary>File for its out-of-fold preferences, if any.</summary>
    public string? OutOfFold { get; init; }

    /// <summary>How to cut the labelled battles.</summary>
    public SliceChoice Slices { get; init; } = new() { HasAll = false };

    /// <summary>Trains, measures across folds that keep battles about one prompt together, and writes the bundle.</summary>
    /// <exception cref="InputException">A bundle, a file or the recipe cannot be used.</exception>
    /// <exception cref="TiebreakException">No convergence, or the bundle cannot be written.</exception>
    public async Task<EnsembleDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        BlendInput.ThrowIfImpossible(Members.Judges, weights: []);
        var trainer = context.Judges[Recipe.Recipe.Kind].CreateTrainer(Recipe.Recipe);
        Bundle.ThrowIfNotFree(Out);
        if (OutOfFold is not null)
            WritableTarget.CheckFile(OutOfFold);
        var answers = await MemberAnswers.GatherAsync(context, Members, cancellationToken).ConfigureAwait(false);
        var battles = new LabelledBattles(
            [.. answers.Labelled.Battles.Select((battle, i) => StackedJudge.With(battle, [.. answers.Said.Select(said => said[i])]))]);
        using var parts = new PartFolder(Out);
        var top = parts["top"];
        var outcome = await new JudgeTraining
        {
            Trainer = trainer,
            Kind = Recipe.Recipe.Kind,
            Out = top,
            Data = answers.Data,
            Validation = Recipe.Validation,
            Swap = Recipe.Swap,
            Calibrator = Recipe.Calibrator,
            Target = Recipe.Target,
            Seed = context.Seed,
            Placement = context.Placement,
            LoggerFactory = context.LoggerFactory,
        }.RunAsync(battles, context.Progress, cancellationToken).ConfigureAwait(false);

        if (OutOfFold is not null)
            SubmissionFile.Write(OutOfFold, [.. outcome.Target.Battles.Select(battle => battle.Id)], outcome.OutOfFold);

        // The rows that were scored, without what the members say about them: the bundle asks its members itself.
        var rowOf = new Dictionary<Battle, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < battles.Count; i++)
            rowOf[battles.Battles[i]] = i;
        int[] rows = [.. outcome.Target.Battles.Select(battle => rowOf[battle])];
        var analysis = new EnsembleAnalysis
        {
            Names = answers.Names,
            Members = [.. answers.Said.Select(said => rows.Select(i => said[i]).ToArray())],
            Labelled = answers.Labelled.Only(rows),
            Together = outcome.OutOfFold,
            Costs = answers.SecondsPerThousand,
            Slices = Slices,
        };
        var (members, report) = (analysis.DescribeMembers(), analysis.Run(outcome.OutOfFold, context, cancellationToken));
        await new EnsembleBundle
        {
            Kind = EnsembleFormat.Stack,
            Out = Out,
            Members = [.. Members.Judges, top],
            Names = [.. answers.Names, "top"],
            Links = Members.Links,
            Recipe = new JsonObject { ["kind"] = Recipe.Recipe.Kind, ["top"] = outcome.Manifest.Recipe.DeepClone() },
            Fitted = analysis.Labelled,
            Preferences = outcome.OutOfFold,
            Data = answers.Data,
            Report = JsonSerializer.SerializeToNode(report, AppJson.Default.EnsembleReport)!.AsObject(),
            Seed = context.Seed,
        }.WriteAsync(context.Judges, context.Placement, cancellationToken).ConfigureAwait(false);
        return new EnsembleDocument(Out, EnsembleFormat.Stack, answers, members)
        {
            Report = report,
            How = $"A judge of kind {Recipe.Recipe.Kind} learned from what they say, measured across prompt-grouped folds or a hold-out.",
        };
    }
}
