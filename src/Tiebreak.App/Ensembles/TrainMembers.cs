using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.App.Training;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Ensembles;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Ensembles;

/// <summary>
/// Trains several judges by one recipe, on the same folds with different seeds, and makes one judge of them: a bundle of kind
/// <c>blend</c> in which all count the same.
/// </summary>
public sealed record TrainMembers
{
    /// <summary>What each member is trained by; its bundle and its work get the number of the member.</summary>
    public required TrainJudge Training { get; init; }

    /// <summary>How many members.</summary>
    public required int Members { get; init; }

    /// <summary>Trains, and writes the bundle.</summary>
    /// <exception cref="InputException">The recipe, the data or the number of members cannot be used.</exception>
    /// <exception cref="TiebreakException">No convergence, or a file cannot be written.</exception>
    public async Task<EnsembleDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Members is < 2 or > BlendPredictions.MostMembers)
        {
            throw new InputException(Invariant($"`members` is 2 to {BlendPredictions.MostMembers}, not {Members}."))
            {
                Parameters = ["members"],
            };
        }

        Bundle.ThrowIfNotFree(Training.Out);
        using var parts = new PartFolder(Training.Out);
        string[] names = [.. Enumerable.Range(1, Members).Select(number => Invariant($"seed-{number}"))];
        var trained = new List<TrainingDocument>(Members);
        for (var k = 0; k < Members; k++)
        {
            var member = Training with
            {
                Out = parts[names[k]],
                OutOfFold = null,
                TrainerSeed = context.Seed + (ulong)k,
                WorkFolder = Training.WorkFolder is null ? null : Path.Combine(Training.WorkFolder, names[k]),
            };
            trained.Add(await member.RunAsync(context, cancellationToken).ConfigureAwait(false));
        }

        var labelled = trained[0].Outcome.Target;
        Preference[][] said = [.. trained.Select(document => document.Outcome.OutOfFold.ToArray())];
        var blend = Blend.Equal(Pooling.Linear, Members);
        var pooled = BlendFit.Apply(blend, said, labelled.Battles);
        blend = blend with { Temperature = Calibrator.FitTemperature(pooled, labelled.Targets, labelled.Weights).Value };
        var analysis = new EnsembleAnalysis { Names = names, Members = said, Labelled = labelled, Blend = blend };
        var blended = analysis.Blended(context);
        var (members, report) = (analysis.DescribeMembers(), analysis.Run(blended, context, cancellationToken));
        await new EnsembleBundle
        {
            Kind = EnsembleFormat.Blend,
            Out = Training.Out,
            Members = [.. names.Select(name => parts[name])],
            Names = names,
            Blend = blend with { Temperature = 1 },
            Calibration = [new Temperature(blend.Temperature)],
            Recipe = new JsonObject
            {
                ["members"] = Members,
                ["kind"] = Training.Recipe.Recipe.Kind,
                ["of_each"] = trained[0].Outcome.Manifest.Recipe.DeepClone(),
            },
            Fitted = labelled,
            Preferences = blended,
            Data = trained[0].Outcome.Manifest.Data,
            Report = JsonSerializer.SerializeToNode(report, AppJson.Default.EnsembleReport)!.AsObject(),
            Seed = context.Seed,
        }.WriteAsync(context.Judges, context.Placement, cancellationToken).ConfigureAwait(false);
        if (Training.OutOfFold is { } path)
            SubmissionFile.Write(path, [.. labelled.Battles.Select(battle => battle.Id)], blended);
        var answers = new MemberAnswers(names, labelled, said, [], trained[0].Outcome.Manifest.Data, LeftOut: 0);
        return new EnsembleDocument(Training.Out, EnsembleFormat.Blend, answers, members)
        {
            Report = report,
            How = BlendInput.Describe(blend),
        };
    }
}
