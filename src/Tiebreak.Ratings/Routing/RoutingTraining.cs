using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Routing;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Ratings.Routing;

/// <summary>
/// From battles and costs to a routing policy in a folder: folds, training, honest losses and curve, the decision about prompts, writing.
/// </summary>
public sealed record RoutingTraining
{
    // A vector depends on the device and on its neighbours in a batch, by rounding.
    private const double EmbeddedTolerance = 1e-3;

    /// <summary>What predicts votes from prompts.</summary>
    public required IPromptPredictorFormat Format { get; init; }

    /// <summary>The model that others are held against.</summary>
    public required string Reference { get; init; }

    /// <summary>The models that may be chosen, the reference among them, with their costs.</summary>
    public required IReadOnlyList<ModelCost> Costs { get; init; }

    /// <summary>The folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>Where the battles come from.</summary>
    public required IReadOnlyList<DataFingerprint> Data { get; init; }

    /// <summary>What they called things; null for the usual names. Later files are read in the same way.</summary>
    public BattleMapping? Mapping { get; init; }

    /// <summary>What is saved. Default: cost.</summary>
    public RoutingObjective Objective { get; init; } = RoutingObjective.Cost;

    /// <summary>The probability to win or tie that is good enough unless somebody says otherwise. Default: 0.5.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Whether the policy looks at prompts. Default: only if that helps beyond chance.</summary>
    public PromptUse Prompts { get; init; } = PromptUse.Auto;

    /// <summary>
    /// Makes vectors of prompts, so that prompts that mean the same are alike to the policy; null: only words and counts are looked at.
    /// </summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>Folds of the cross-validation. Default: 5.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to use; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Trains, measures out of fold and writes the policy.</summary>
    /// <param name="battles">Battles with verdicts and model names; see <see cref="RoutingBattles"/>.</param>
    /// <param name="progress">Receives what the training is doing.</param>
    /// <param name="cancellationToken">Stops; a policy that was there stays as it was.</param>
    /// <exception cref="TiebreakException">
    /// The reference or a model with costs is not in the votes, costs are missing, there is too little data, or the folder cannot be
    /// written.
    /// </exception>
    public async Task<RoutingTrainingOutcome> RunAsync(
        IReadOnlyList<Battle> battles, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!(Threshold is >= 0 and <= 1))
            throw new InputException($"The threshold is {Threshold}; it is a probability, from 0 to 1.");
        RoutingPolicy.Layout.ThrowIfNotFree(Out);
        CheckModels(battles);
        var costs = RoutingCosts.Of(Costs, Reference, Objective).WithLengthsOf(battles);

        if (Embedder is not null)
            progress?.Report(new JobProgress("embedding prompts", 0, battles.Count));
        battles = await RoutingBattles.EmbedAsync(battles, Embedder, cancellationToken).ConfigureAwait(false);
        var labelled = new LabelledBattles(battles);
        var folds = GroupedFolds.Assign(labelled, Folds, Seed);
        var job = new TrainingJob
        {
            Battles = labelled,
            Folds = folds,
            FoldCount = Folds,
            Seed = Seed,
            Placement = new() { Threads = Threads },
            Progress = progress,
        };
        var trained = await Task.Run(() => Format.Train(job, cancellationToken), cancellationToken).ConfigureAwait(false);

        var gain = HeldOutVotes.Compare(
            labelled,
            HeldOutVotes.Losses(labelled, row => trained.OfFold[folds[row]]),
            HeldOutVotes.Losses(labelled, row => trained.OfFoldWithoutPrompts[folds[row]]),
            HeldOutVotes.BradleyTerryLosses(labelled, folds, Folds));
        var usesPrompts = Prompts != PromptUse.Never && trained.WithPrompts.UsesPrompts && (Prompts == PromptUse.Always || gain.Helps);
        var ofFold = usesPrompts ? trained.OfFold : trained.OfFoldWithoutPrompts;
        var curve = CostQualityCurve.Measure(labelled, row => ofFold[folds[row]], row => trained.OfFoldWithoutPrompts[folds[row]], costs);
        var manifest = new PolicyManifest
        {
            Predictor = Format.Kind,
            Embedder = Embedder?.ModelId,
            Reference = Reference,
            Objective = Objective,
            Threshold = Threshold,
            Models = costs.Models,
            UsesPrompts = usesPrompts,
            PromptsReason = ReasonOf(usesPrompts, trained.WithPrompts.UsesPrompts, gain),
            Validation = RoutingJson.Of(gain, curve),
            Training = trained.Report,
            Seed = Seed,
            Folds = Folds,
            Data = Data,
            Mapping = Mapping,
            Versions = FolderManifest.VersionsWith(Format.Versions),
            CheckTolerance = Embedder is null ? 1e-6 : EmbeddedTolerance,
        };
        manifest = await RoutingPolicy.Layout.WriteAsync(
            Out,
            manifest,
            async temporary =>
            {
                var predictor = usesPrompts ? trained.WithPrompts : trained.WithoutPrompts;
                await trained.SaveAsync(predictor, temporary).ConfigureAwait(false);
                PolicyCheckRows.Write(temporary, predictor, costs, battles);
                SeenBattles.Of(battles, Threads).Write(temporary);
            },
            cancellationToken).ConfigureAwait(false);
        return new RoutingTrainingOutcome(manifest, gain, curve);
    }

    private void CheckModels(IReadOnlyList<Battle> battles)
    {
        var counts = battles.SelectMany(battle => new[] { battle.ModelA!, battle.ModelB! })
            .CountBy(model => model, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        if (counts.Count < 2)
            throw new InputException($"All battles are about one model, {counts.Keys.First()}; routing chooses among at least two.");
        var known = RoutingCosts.Names(counts.OrderByDescending(model => model.Value).Select(model => model.Key));
        if (!counts.ContainsKey(Reference))
        {
            throw new InputException(
                $"The reference {Reference} is not in the votes, which are about {known}. Name one of them as `reference`.")
            {
                Parameters = ["reference"],
            };
        }

        if (Costs.FirstOrDefault(cost => !counts.ContainsKey(cost.Model)) is { } unknown)
        {
            throw new InputException($"The costs name {unknown.Model}, which is not in the votes; these are about {known}. "
                + "Take it out of the costs, or write it as the votes do.");
        }
    }

    private string ReasonOf(bool usesPrompts, bool couldUsePrompts, PromptGain gain)
    {
        var difference = FormattableString.Invariant(
            $"on {gain.Votes:N0} held-out votes on {gain.Prompts} prompts the difference in log loss is ")
            + FormattableString.Invariant($"{gain.WithPrompts - gain.WithoutPrompts:+0.0000;-0.0000;0.0000} (95 % interval ")
            + FormattableString.Invariant($"{gain.ToWithoutPrompts.Lower:+0.0000;-0.0000;0.0000} to ")
            + FormattableString.Invariant($"{gain.ToWithoutPrompts.Upper:+0.0000;-0.0000;0.0000})");
        return (usesPrompts, Prompts) switch
        {
            (true, PromptUse.Always) => $"Prompts are used because it was asked for; {difference}.",
            (true, _) => $"Prompts are used because they help: {difference}.",
            (_, PromptUse.Never) => "Prompts are not used because that was asked for.",
            _ when !couldUsePrompts => $"Prompts are not used: no weight on them predicted held-out votes better than none; {difference}.",
            _ => $"Prompts are not used, since it is not certain that they help: {difference}.",
        };
    }
}

/// <summary>Whether a policy looks at prompts.</summary>
public enum PromptUse
{
    /// <summary>
    /// Only if that predicts held-out votes better, by the upper end of the 95 % interval of the paired difference in log loss.
    /// </summary>
    Auto,

    /// <summary>In any case.</summary>
    Always,

    /// <summary>Not at all: one choice for all prompts, but for their lengths.</summary>
    Never,
}

/// <summary>A trained and saved policy, and how good it is on votes that it has not seen.</summary>
/// <param name="Manifest">What was written.</param>
/// <param name="Gain">Whether prompts help to predict votes.</param>
/// <param name="Curve">What the policy costs and how good it is.</param>
public sealed record RoutingTrainingOutcome(PolicyManifest Manifest, PromptGain Gain, CostQualityCurve Curve);
