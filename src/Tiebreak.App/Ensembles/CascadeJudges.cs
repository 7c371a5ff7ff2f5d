using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;

namespace Tiebreak.App.Ensembles;

/// <summary>
/// Makes one judge of a cheap and an expensive one: a bundle of kind <c>cascade</c>, in which the cheap one decides the battles that it is
/// sure of.
/// </summary>
public sealed record CascadeJudges
{
    private const int Folds = 5;

    /// <summary>The cheap judge, then the expensive one, and the battles that the threshold is fitted to.</summary>
    public required MemberInput Members { get; init; }

    /// <summary>Folder of the bundle to write.</summary>
    public required string Out { get; init; }

    /// <summary>By how much the log loss may grow, in nats; null where something else decides.</summary>
    public double? MaxLossIncrease { get; init; }

    /// <summary>The share of the expensive judge's time that the cascade may take; null where something else decides.</summary>
    public double? MaxTime { get; init; }

    /// <summary>
    /// The share of the cheap judge's decisions that may be wrong, promised with 95 % confidence (see <see cref="AbstentionRule"/>); null
    /// where something else decides.
    /// </summary>
    public double? MaxError { get; init; }

    /// <summary>Fits, and writes the bundle.</summary>
    /// <exception cref="InputException">A bundle or a file cannot be used, or no threshold does what was asked for.</exception>
    /// <exception cref="TiebreakException">The bundle cannot be written.</exception>
    public async Task<EnsembleDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Members.Judges.Count != 2)
        {
            throw new InputException(
                $"A cascade has two judges, the cheap one first; {Quantity.Of(Members.Judges.Count, "judge was", "judges were")} given.");
        }

        Bundle.ThrowIfNotFree(Out);
        var answers = await MemberAnswers.GatherAsync(context, Members, cancellationToken).ConfigureAwait(false);
        var maxEntropy = ThresholdOn([.. Enumerable.Range(0, answers.Labelled.Count)], answers);
        var (report, preferences) = Measure(context, answers, maxEntropy);
        await new EnsembleBundle
        {
            Kind = EnsembleFormat.Cascade,
            Out = Out,
            Members = Members.Judges,
            Names = answers.Names,
            Links = Members.Links,
            MaxEntropy = maxEntropy,
            Recipe = new JsonObject { ["max_loss_increase"] = MaxLossIncrease, ["max_time"] = MaxTime, ["max_error"] = MaxError },
            Fitted = answers.Labelled,
            Preferences = preferences,
            Data = answers.Data,
            Report = JsonSerializer.SerializeToNode(report, AppJson.Default.CascadeReport)!.AsObject(),
            Seed = context.Seed,
        }.WriteAsync(context.Judges, context.Placement, cancellationToken).ConfigureAwait(false);
        double[] shares = [report.DecidedByCheap, 1 - report.DecidedByCheap];
        var members = new EnsembleAnalysis
        {
            Names = answers.Names,
            Members = answers.Said,
            Labelled = answers.Labelled,
            Blend = Blend.Of(Pooling.Linear, shares),
            Costs = answers.SecondsPerThousand,
        }.DescribeMembers();
        return new EnsembleDocument(Out, EnsembleFormat.Cascade, answers, members)
        {
            Cascade = report,
            How = "Weights are the shares of the battles that each judge decides.",
        };
    }

    private (CascadeReport Report, Preference[] Preferences) Measure(JobContext context, MemberAnswers answers, double maxEntropy)
    {
        var labelled = answers.Labelled;
        var folds = GroupedFolds.AssignAsFar(labelled, Folds, context.Seed);
        var preferences = new Preference[labelled.Count];
        foreach (var rows in Enumerable.Range(0, labelled.Count).GroupBy(i => folds[i]))
        {
            var threshold = ThresholdOn([.. Enumerable.Range(0, labelled.Count).Where(i => folds[i] != rows.Key)], answers);
            foreach (var i in rows)
                preferences[i] = CascadeFit.Apply([answers.Said[0][i]], [answers.Said[1][i]], threshold)[0];
        }

        var fit = FitOn([.. Enumerable.Range(0, labelled.Count)], answers);
        var losses = LogLoss.PerRow(preferences, labelled.Targets);
        var ofExpensive = LogLoss.PerRow(answers.Said[1], labelled.Targets);
        double[] differences = [.. losses.Zip(ofExpensive, (cascade, expensive) => cascade - expensive)];
        var report = new CascadeReport(
            maxEntropy, fit.DecidedAt(maxEntropy), fit.TimeAt(maxEntropy), LogLoss.PerRow(answers.Said[0], labelled.Targets).Average(),
            ofExpensive.Average(), losses.Average(), differences.Average(),
            ClusterBootstrap.OfMean(differences, labelled.Groups, context.Seed, threads: context.Threads), fit.Curve());
        return (report, preferences);
    }

    private double ThresholdOn(int[] rows, MemberAnswers answers)
    {
        if (MaxError is not { } maxError)
        {
            var fit = FitOn(rows, answers);
            return MaxTime is { } time ? fit.ForTime(time) : fit.ForLoss(MaxLossIncrease ?? 0);
        }

        var rule = AbstentionFit.Of(
            [.. rows.Select(i => answers.Said[0][i])], [.. rows.Select(i => answers.Labelled.Targets[i])], NamedOutcome.ThreeWay, maxError);
        return rule.Rule?.MaxEntropy ?? throw new InputException(
            Invariant($"No threshold promises that at most {maxError:P0} of what the cheap judge decides is wrong; the least that these ")
            + Invariant($"battles could promise is {rule.Attainable:P1}. Give a larger `max-error`, or more battles."))
        {
            Parameters = ["max-error"],
        };
    }

    private static CascadeFit FitOn(int[] rows, MemberAnswers answers) => new(
        [.. rows.Select(i => answers.Said[0][i])], [.. rows.Select(i => answers.Said[1][i])],
        [.. rows.Select(i => answers.Labelled.Targets[i])], answers.SecondsPerThousand[0] / answers.SecondsPerThousand[1]);
}
