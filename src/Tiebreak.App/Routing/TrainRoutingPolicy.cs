using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Routing;
using Tiebreak.Data;
using Tiebreak.Ratings.Routing;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Routing;

/// <summary>Learns from votes which model is good enough for which prompt, and saves that as a policy.</summary>
public sealed record TrainRoutingPolicy
{
    private const int ModelsNamed = 8;

    /// <summary>How prompts are read.</summary>
    public required IPromptPredictorFormat Format { get; init; }

    /// <summary>Files of battles with model names and verdicts.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>What models cost; see <see cref="CostFile"/>.</summary>
    public required string Costs { get; init; }

    /// <summary>The strong model that an answer must win or tie against.</summary>
    public required string Reference { get; init; }

    /// <summary>Folder of the policy to write.</summary>
    public required string Out { get; init; }

    /// <summary>The models that may be chosen; empty for all with costs.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The probability to win or tie that is good enough, unless another is given later.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>What to save.</summary>
    public RoutingObjective Objective { get; init; } = RoutingObjective.Cost;

    /// <summary>Whether to look at the words of prompts.</summary>
    public PromptUse Prompts { get; init; } = PromptUse.Auto;

    /// <summary>Makes vectors of prompts, so that prompts that mean the same are alike to the policy; null for none.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>Prompt-grouped folds of the cross-validation.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Trains and saves.</summary>
    /// <exception cref="InputException">The data or the costs cannot be used.</exception>
    /// <exception cref="TiebreakException">The policy cannot be written.</exception>
    public async Task<RoutingTrainingDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var costs = ReadCosts();
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var battles = RoutingBattles.Named(set.Battles);
        WarnOfTheRest(context, set, battles, costs);
        if (Embedder is not null)
        {
            UnreadTexts.Note(
                context, Embedder, UnreadTexts.Prompts(battles, Embedder), "prompt", "given vectors that say little of their meaning");
        }

        var training = new RoutingTraining
        {
            Format = Format,
            Reference = Reference,
            Costs = costs,
            Out = Out,
            Data = set.Files,
            Mapping = context.Reading.Mapping,
            Objective = Objective,
            Threshold = Threshold,
            Prompts = Prompts,
            Embedder = Embedder,
            Folds = Folds,
            Seed = context.Seed,
            Threads = context.Threads,
        };
        var report = await training.RunAsync(battles, context.Progress, cancellationToken).ConfigureAwait(false);
        return new RoutingTrainingDocument(Out, report, set.Problems);
    }

    private IReadOnlyList<ModelCost> ReadCosts()
    {
        var costs = CostFile.Read(Costs);
        if (Models.Count == 0)
            return costs;
        var wanted = Models.Append(Reference).Distinct(StringComparer.Ordinal).ToList();
        return wanted.Find(model => !costs.Any(cost => string.Equals(cost.Model, model, StringComparison.Ordinal))) is { } missing
            ? throw new InputException(
                $"{Costs} does not say what {missing} costs. Add it, or leave it out of the models that may be chosen.")
            : [.. costs.Where(cost => wanted.Contains(cost.Model, StringComparer.Ordinal))];
    }

    private static void WarnOfTheRest(JobContext context, BattleSet set, IReadOnlyList<Battle> battles, IReadOnlyList<ModelCost> costs)
    {
        if (battles.Count < set.Battles.Count)
        {
            context.Warn(Invariant($"{set.Battles.Count - battles.Count:N0} battles have no verdict, no model names or one model twice, ") +
                "and were left out.");
        }

        var priced = costs.Select(cost => cost.Model).ToHashSet(StringComparer.Ordinal);
        var others = battles.SelectMany(battle => new[] { battle.ModelA!, battle.ModelB! }).CountBy(model => model, StringComparer.Ordinal)
            .Where(model => !priced.Contains(model.Key)).OrderByDescending(model => model.Value).Select(model => model.Key).ToList();
        if (others.Count == 0)
            return;
        context.Warn($"nothing says what {Shortened.List(others, ModelsNamed)} cost, so they are never chosen; " +
            "their votes still help to learn.");
    }
}

/// <summary>What the training of a policy found out, on held-out prompts.</summary>
public sealed class RoutingTrainingDocument : IDocument
{
    private readonly RoutingTrainingOutcome _outcome;

    internal RoutingTrainingDocument(string policy, RoutingTrainingOutcome outcome, IReadOnlyList<RowProblem> problems) =>
        (Policy, _outcome, Problems) = (policy, outcome, problems);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Training of {Path.GetFileName(Path.TrimEndingDirectorySeparator(Policy))}";

    /// <summary>Folder of the policy.</summary>
    public string Policy { get; }

    /// <summary>Whether the policy looks at prompts.</summary>
    public bool UsesPrompts => _outcome.Manifest.UsesPrompts;

    /// <summary>What the policy embeds prompts with; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Embedder => _outcome.Manifest.Embedder;

    /// <summary>Why it does, or does not.</summary>
    public string PromptsReason => _outcome.Manifest.PromptsReason;

    /// <summary>Losses and curve on held-out prompts, as the policy has them.</summary>
    public JsonObject Validation => _outcome.Manifest.Validation;

    /// <summary>What the training found out besides, as the policy has it.</summary>
    public JsonObject Training => _outcome.Manifest.Training;

    /// <summary>Rows that could not be read as they should.</summary>
    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>The cost/quality curve as CSV.</summary>
    public string ToCsv() => CurveCsv.Of(_outcome.Curve);

    /// <summary>The cost/quality curve.</summary>
    public IPlot Plot() => CurvePlot.Of(_outcome.Manifest, _outcome.Curve);

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        RoutingSections.Losses(_outcome.Gain),
        new Paragraph(PromptsReason),
        .. RoutingSections.Telling(_outcome.Manifest),
        .. RoutingSections.Curve(_outcome.Manifest, _outcome.Curve),
    ];
}
