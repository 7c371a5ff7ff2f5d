using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Routing;

namespace Tiebreak.Ratings.Routing;

/// <summary>
/// Sends each prompt to the cheapest (or fastest) model whose probability to win or tie against a reference passes a threshold, loaded from
/// its folder and proven to be the policy that was saved. Safe to call from many threads.
/// </summary>
public sealed class RoutingPolicy
{
    internal static readonly SelfProvingFolder<PolicyManifest> Layout = new()
    {
        ManifestName = PolicyManifest.FileName,
        Name = "a routing policy",
        Json = PolicyJson.Default.PolicyManifest,
    };

    private readonly string _folder;

    private RoutingPolicy(
        string folder, PolicyManifest manifest, IPromptPredictor predictor, RoutingCosts costs, ITextEmbedder? embedder)
    {
        _folder = folder;
        Manifest = manifest;
        Predictor = predictor;
        Costs = costs;
        Embedder = embedder;
    }

    /// <summary>What <c>policy.json</c> says.</summary>
    public PolicyManifest Manifest { get; }

    /// <summary>What predicts votes from prompts.</summary>
    public IPromptPredictor Predictor { get; }

    /// <summary>The models to choose from.</summary>
    public RoutingCosts Costs { get; }

    /// <summary>What makes vectors of prompts; null where the predictor reads none.</summary>
    internal ITextEmbedder? Embedder { get; }

    /// <summary>What a person should know about the policy's folder, in one sentence; null for nothing.</summary>
    public string? Notice => Layout.NoticeOf(_folder, Manifest);

    /// <summary>What the policy was trained on, prompt by prompt.</summary>
    /// <exception cref="InputException">The file has another layout.</exception>
    public SeenBattles ReadSeen() => SeenBattles.Read(_folder);

    /// <summary>Opens a policy: verifies every file's hash, opens the predictor, and asks the check rows again.</summary>
    /// <param name="folder">The policy's folder.</param>
    /// <param name="format">The kind of predictor that can be opened.</param>
    /// <param name="embedder">
    /// The embedder that the policy was trained with; it must outlive the policy. Null where it was trained without one.
    /// </param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">
    /// Not a policy, damaged, of an unknown kind or version, trained with another embedder, or it does not reproduce its check rows.
    /// </exception>
    public static async Task<RoutingPolicy> OpenAsync(
        string folder, IPromptPredictorFormat format, ITextEmbedder? embedder = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var policy = await Task.Run(() => Open(folder, format, embedder), cancellationToken).ConfigureAwait(false);
            await PolicyCheckRows.VerifyAsync(folder, policy.Predictor, policy.Costs, policy.Manifest, policy.Embedder, cancellationToken)
                .ConfigureAwait(false);
            return policy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Layout.Unreadable(folder, exception);
        }
    }

    /// <summary>Chooses the model for a prompt, with a policy that reads no vectors of prompts.</summary>
    /// <param name="prompt">The opening prompt of a conversation.</param>
    /// <param name="threshold">The probability to win or tie that is good enough; null for the policy's own.</param>
    /// <exception cref="InputException">The prompt is blank, or the threshold is no probability.</exception>
    /// <exception cref="InvalidOperationException">The policy embeds prompts: ask <see cref="ChooseAsync"/>.</exception>
    public RoutingChoice Choose(string prompt, double? threshold = null)
    {
        if (Embedder is not null)
            throw new InvalidOperationException($"The policy embeds prompts, which takes time: ask {nameof(ChooseAsync)}.");
        ThrowIfBlank(prompt);
        return Choose(prompt, vector: [], threshold);
    }

    /// <summary>Chooses the model for each of many prompts.</summary>
    /// <param name="prompts">The opening prompts of conversations.</param>
    /// <param name="threshold">The probability to win or tie that is good enough; null for the policy's own.</param>
    /// <param name="cancellationToken">Stops between batches of the embedder.</param>
    /// <returns>One choice a prompt, in the same order.</returns>
    /// <exception cref="InputException">A prompt is blank, or the threshold is no probability.</exception>
    public async Task<RoutingChoice[]> ChooseAsync(
        IReadOnlyList<string> prompts, double? threshold = null, CancellationToken cancellationToken = default)
    {
        foreach (var prompt in prompts)
            ThrowIfBlank(prompt);
        var vectors = Embedder is null
            ? []
            : await RoutingBattles.EmbedAsync(prompts, Embedder, cancellationToken).ConfigureAwait(false);
        return [.. prompts.Select(prompt => Choose(prompt, vectors.GetValueOrDefault(prompt, []), threshold))];
    }

    private static void ThrowIfBlank(string prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt))
            throw new InputException("The prompt is empty, so that there is nothing to choose a model for.");
    }

    private RoutingChoice Choose(string prompt, ReadOnlySpan<float> vector, double? threshold)
    {
        var enough = threshold ?? Manifest.Threshold;
        if (!(enough is >= 0 and <= 1))
            throw new InputException($"The threshold is {enough}; it is a probability, from 0 to 1.");

        Span<double> probabilities = stackalloc double[Costs.Models.Count], costs = stackalloc double[Costs.Models.Count];
        WinOrTie(Predictor, Costs, prompt, vector, probabilities);
        Costs.Of(prompt, costs);
        var choice = RoutingRule.Choose(probabilities, costs, Costs.Reference, enough);
        var candidates = new RoutingCandidate[costs.Length];
        for (var m = 0; m < candidates.Length; m++)
            candidates[m] = new RoutingCandidate(Costs.Models[m].Model, probabilities[m], costs[m]);
        return new RoutingChoice
        {
            Model = candidates[choice].Model,
            Probability = candidates[choice].Probability,
            Cost = candidates[choice].Cost,
            ReferenceCost = candidates[Costs.Reference].Cost,
            Reason = ReasonOf(candidates, choice, enough),
            Candidates = candidates,
        };
    }

    /// <summary>The probability of every candidate to win or tie against the reference, which is as good as itself.</summary>
    internal static void WinOrTie(
        IPromptPredictor predictor, RoutingCosts costs, string? prompt, ReadOnlySpan<float> vector, Span<double> probabilities)
    {
        var preferences = new Preference[predictor.Models.Count];
        var places = PlacesOf(predictor, costs);
        predictor.Predict(prompt, vector, places[costs.Reference], preferences);
        for (var m = 0; m < probabilities.Length; m++)
            probabilities[m] = m == costs.Reference ? 1 : preferences[places[m]].A + preferences[places[m]].Tie;
    }

    // Candidates are few and models at most some hundreds: looking names up costs less than a prediction.
    private static int[] PlacesOf(IPromptPredictor predictor, RoutingCosts costs)
    {
        var places = new int[costs.Models.Count];
        for (var m = 0; m < places.Length; m++)
        {
            places[m] = -1;
            for (var k = 0; k < predictor.Models.Count && places[m] < 0; k++)
                places[m] = string.Equals(predictor.Models[k], costs.Models[m].Model, StringComparison.Ordinal) ? k : -1;
            if (places[m] < 0)
            {
                throw new InputException($"No vote is about {costs.Models[m].Model}, so that nothing is known of it. "
                    + $"The votes are about {RoutingCosts.Names(predictor.Models)}.");
            }
        }

        return places;
    }

    private string ReasonOf(RoutingCandidate[] candidates, int choice, double threshold)
    {
        var word = Manifest.Objective == RoutingObjective.Seconds ? "fast" : "cheap";
        var reference = candidates[Costs.Reference];
        var enough = Percent(threshold);
        var always = Predictor.UsesPrompts ? "" : " on any prompt";
        if (choice != Costs.Reference)
        {
            return $"{candidates[choice].Model} is the {word}est model that wins or ties against {reference.Model}{always} with a "
                + $"probability of at least {enough}: it has {Percent(candidates[choice].Probability)}.";
        }

        var best = candidates.Where(candidate => candidate.Cost < reference.Cost).OrderByDescending(candidate => candidate.Probability)
            .Cast<RoutingCandidate?>().FirstOrDefault();
        return best is { } other
            ? $"No {word}er model wins or ties against {reference.Model}{always} with a probability of at least {enough}: "
                + $"the best, {other.Model}, has {Percent(other.Probability)}."
            : $"No model is {word}er than {reference.Model}.";
    }

    private static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    private static RoutingPolicy Open(string folder, IPromptPredictorFormat format, ITextEmbedder? embedder)
    {
        var manifest = Layout.Open(folder);
        if (!string.Equals(manifest.Predictor, format.Kind, StringComparison.Ordinal))
        {
            throw new InputException(
                $"{Path.Combine(folder, PolicyManifest.FileName)} names the kind of predictor \"{manifest.Predictor}\", " +
                $"but this program knows \"{format.Kind}\". Use the matching Tiebreak, or train the policy again.");
        }

        var predictor = format.Open(folder);
        ThrowIfOther(folder, manifest, predictor, embedder);
        var costs = RoutingCosts.Of(manifest.Models, manifest.Reference, manifest.Objective);
        return new RoutingPolicy(folder, manifest, predictor, costs, predictor.VectorSize == 0 ? null : embedder);
    }

    // A policy that turned out to look at no prompts may be asked without its embedder, but not with another one.
    private static void ThrowIfOther(string folder, PolicyManifest manifest, IPromptPredictor predictor, ITextEmbedder? embedder)
    {
        var problem = (manifest.Embedder, embedder) switch
        {
            (null, null) => null,
            (null, not null) => "was trained without an embedder. Leave `embedder` out.",
            ({ } own, null) when predictor.VectorSize > 0 => $"reads prompts with the embedder {own}. Name its folder as `embedder`.",
            (_, null) => null,
            ({ } own, _) when !string.Equals(own, embedder.ModelId, StringComparison.Ordinal) =>
                $"was trained with the embedder {own}, and `embedder` names {embedder.ModelId}: their vectors cannot be compared.",
            ({ } own, _) when predictor.VectorSize > 0 && predictor.VectorSize != embedder.Dimension =>
                $"reads vectors of {predictor.VectorSize} numbers, and {own} makes {embedder.Dimension}: it is another model of that name.",
            _ => null,
        };
        if (problem is not null)
            throw new InputException($"The routing policy {folder} {problem}") { Parameters = ["embedder"] };
    }
}

/// <summary>A model that could answer a prompt.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Probability">
/// The probability that people would call its answer as good as the reference's or better; 1 for the reference itself.
/// </param>
/// <param name="Cost">What the answer is expected to cost, in the unit of the policy's objective.</param>
public readonly record struct RoutingCandidate(string Model, double Probability, double Cost);
