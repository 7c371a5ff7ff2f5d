using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Routing;
using Tiebreak.Data;
using Tiebreak.Ratings.Routing;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Routing;

/// <summary>Measures what a policy costs and how good it is, on votes that it has not seen.</summary>
public sealed record EvaluateRoutingPolicy
{
    private const int ModelsNamed = 8;

    /// <summary>How prompts are read.</summary>
    public required IPromptPredictorFormat Format { get; init; }

    /// <summary>Folder of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>What the policy embeds prompts with; null where it was trained without an embedder.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>Files of battles with model names and verdicts.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Measures.</summary>
    /// <exception cref="InputException">The policy or the data cannot be used.</exception>
    public async Task<RoutingDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var policy = await context.OpenPolicyAsync(Policy, Format, Embedder, cancellationToken).ConfigureAwait(false);
        var set = await BattleFiles.LoadAsync(
            context.ReadingAs(policy.Manifest.Mapping), Data, BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var named = RoutingBattles.Named(set.Battles);
        var battles = Known(policy, named);
        var seenPrompts = policy.ReadSeen();
        var unseen = battles.Where(battle => !seenPrompts.HasPrompt(battle)).ToList();
        var (seen, unknown) = (battles.Count - unseen.Count, named.Count - battles.Count);
        if (seen > 0)
        {
            context.Warn(unseen.Count > 0
                ? Invariant($"the policy was trained on the prompts of {seen:N0} of {battles.Count:N0} battles; only the other ") +
                  Invariant($"{unseen.Count:N0} count here.")
                : Invariant($"the policy was trained on the prompts of all {battles.Count:N0} battles: what follows says nothing about ") +
                  "new prompts. What `tiebreak route train` printed does.");
        }

        if (unknown > 0)
            context.Warn($"{Quantity.Of(unknown, "battle is", "battles are")} about models that the policy does not know, and left out.");
        var evaluation = await RoutingEvaluation.OfAsync(
            policy, new LabelledBattles(unseen.Count > 0 ? unseen : battles), cancellationToken).ConfigureAwait(false);
        return new RoutingDocument(policy.Manifest, evaluation, seen, unknown, set.Problems);
    }

    private static List<Battle> Known(RoutingPolicy policy, IReadOnlyList<Battle> named)
    {
        var known = policy.Predictor.Models;
        var models = known.ToHashSet(StringComparer.Ordinal);
        var battles = named.Where(battle => models.Contains(battle.ModelA!) && models.Contains(battle.ModelB!)).ToList();
        return battles.Count > 0 ? battles : throw new InputException("No battle is between models that the policy knows: " +
            $"{string.Join(", ", known.Take(ModelsNamed))}{(known.Count > ModelsNamed ? " ..." : "")}.");
    }
}

/// <summary>What a policy costs and how good it is.</summary>
public sealed class RoutingDocument : IDocument
{
    private readonly PolicyManifest _manifest;
    private readonly RoutingEvaluation _evaluation;

    internal RoutingDocument(
        PolicyManifest manifest, RoutingEvaluation evaluation, int seenVotes, int unknownVotes, IReadOnlyList<RowProblem> problems) =>
        (_manifest, _evaluation, SeenVotes, UnknownVotes, Problems) = (manifest, evaluation, seenVotes, unknownVotes, problems);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Evaluation of a routing policy";

    /// <summary>Whether the policy looks at prompts.</summary>
    public bool UsesPrompts => _manifest.UsesPrompts;

    /// <summary>Votes about prompts that the policy was trained on.</summary>
    public int SeenVotes { get; }

    /// <summary>Votes about models that the policy does not know.</summary>
    public int UnknownVotes { get; }

    /// <summary>Rows that could not be read as they should.</summary>
    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>Losses and curve; see <see cref="RoutingJson"/>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Measured =>
        RoutingJson.Of(_evaluation.Gain, _evaluation.Curve).Deserialize(InnerJson.Default.DictionaryStringJsonElement)!;

    /// <summary>The cost/quality curve as CSV.</summary>
    public string ToCsv() => CurveCsv.Of(_evaluation.Curve);

    /// <summary>The cost/quality curve.</summary>
    public IPlot Plot() => CurvePlot.Of(_manifest, _evaluation.Curve);

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        RoutingSections.Losses(_evaluation.Gain),
        new Paragraph(_manifest.PromptsReason),
        .. RoutingSections.Curve(_manifest, _evaluation.Curve),
    ];
}
