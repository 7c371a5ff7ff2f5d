using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Ensembles;

namespace Tiebreak.App.Ensembles;

/// <summary>Makes one judge of several: a bundle of kind <c>blend</c>, which every verb takes like any other.</summary>
public sealed record BlendJudges
{
    /// <summary>The judges, and the battles that the weights are fitted to.</summary>
    public required MemberInput Members { get; init; }

    /// <summary>Folder of the bundle to write.</summary>
    public required string Out { get; init; }

    /// <summary>One weight per judge; empty to fit them.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>True for the weighted mean of logarithms instead of that of probabilities.</summary>
    public bool PoolsLogarithms { get; init; }

    /// <summary>Bins of battles with fitted weights of their own: <c>length</c> or <c>turns</c>; null for the same everywhere.</summary>
    public string? WeightsBy { get; init; }

    /// <summary>Whether each judge is left out in turn.</summary>
    public bool Ablates { get; init; }

    /// <summary>How to cut the labelled battles.</summary>
    public SliceChoice Slices { get; init; } = new() { HasAll = false };

    /// <summary>Fits, and writes the bundle.</summary>
    /// <exception cref="InputException">A bundle, a file or the weights cannot be used.</exception>
    /// <exception cref="TiebreakException">The bundle cannot be written.</exception>
    public async Task<EnsembleDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        BlendInput.ThrowIfImpossible(Members.Judges, Weights);
        var bins = BlendInput.BinsOf(WeightsBy, canFit: Weights.Count == 0);
        Bundle.ThrowIfNotFree(Out);
        var answers = await MemberAnswers.GatherAsync(context, Members, cancellationToken).ConfigureAwait(false);
        var pooling = PoolsLogarithms ? Pooling.Log : Pooling.Linear;
        var fit = Weights.Count == 0 ? new BlendFit(pooling, bins) : null;
        var blend = fit?.Of(answers.Said, answers.Labelled) ?? Blend.Of(pooling, Weights);
        var analysis = new EnsembleAnalysis
        {
            Names = answers.Names,
            Members = answers.Said,
            Labelled = answers.Labelled,
            Fit = fit,
            Blend = blend,
            Costs = answers.SecondsPerThousand,
            Ablates = Ablates,
            Slices = Slices,
        };
        var blended = analysis.Blended(context);
        var (members, report) = (analysis.DescribeMembers(), analysis.Run(blended, context, cancellationToken));
        await new EnsembleBundle
        {
            Kind = EnsembleFormat.Blend,
            Out = Out,
            Members = Members.Judges,
            Names = answers.Names,
            Links = Members.Links,
            Blend = blend with { Temperature = 1 },
            Calibration = [new Temperature(blend.Temperature)],
            Recipe = new JsonObject { ["pool"] = PoolsLogarithms ? "log" : "linear", ["fitted"] = fit is not null },
            Fitted = answers.Labelled,
            Preferences = blended,
            Data = answers.Data,
            Report = JsonSerializer.SerializeToNode(report, AppJson.Default.EnsembleReport)!.AsObject(),
            Seed = context.Seed,
        }.WriteAsync(context.Judges, context.Placement, cancellationToken).ConfigureAwait(false);
        return new EnsembleDocument(Out, EnsembleFormat.Blend, answers, members)
        {
            Report = report,
            How = BlendInput.Describe(blend),
        };
    }
}
