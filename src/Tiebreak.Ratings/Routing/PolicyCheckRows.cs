using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Routing;

namespace Tiebreak.Ratings.Routing;

/// <summary>
/// The file <c>check.jsonl</c> of a policy: prompts with the probabilities that the predictor gave when it was saved,
/// <c>{"prompt", "win_or_tie"}</c>, one per model in the order of the manifest. Opening asks again, so that a changed predictor cannot go
/// unnoticed.
/// </summary>
internal static class PolicyCheckRows
{
    public const string FileName = "check.jsonl";

    private const int Count = 16;
    private const int MaxCharacters = 20_000;

    public static void Write(string folder, IPromptPredictor predictor, RoutingCosts costs, IReadOnlyList<Battle> battles)
    {
        var prompts = battles.Where(battle => RoutingBattles.OpeningOf(battle) is { Length: > 0 and <= MaxCharacters })
            .DistinctBy(RoutingBattles.OpeningOf, StringComparer.Ordinal).ToList();
        var count = Math.Min(Count, prompts.Count);
        var lines = new StringBuilder();
        var probabilities = new double[costs.Models.Count];
        for (var k = 0; k < count; k++)
        {
            var battle = prompts[(int)((long)k * prompts.Count / count)];
            var prompt = RoutingBattles.OpeningOf(battle);
            RoutingPolicy.WinOrTie(predictor, costs, prompt, RoutingBattles.VectorOf(battle), probabilities);
            lines.Append(new JsonObject
            {
                ["prompt"] = prompt,
                ["win_or_tie"] = new JsonArray([.. probabilities.Select(p => JsonValue.Create(p))]),
            }.ToJsonString()).Append('\n');
        }

        File.WriteAllText(Path.Combine(folder, FileName), lines.ToString());
    }

    /// <param name="folder">The policy's folder.</param>
    /// <param name="predictor">What predicts votes.</param>
    /// <param name="costs">The models to choose from.</param>
    /// <param name="manifest">What <c>policy.json</c> says.</param>
    /// <param name="embedder">What makes vectors of prompts; null where the predictor reads none.</param>
    /// <param name="cancellationToken">Stops between batches of the embedder.</param>
    /// <exception cref="InputException">The predictor no longer says what it said.</exception>
    public static async Task VerifyAsync(
        string folder,
        IPromptPredictor predictor,
        RoutingCosts costs,
        PolicyManifest manifest,
        ITextEmbedder? embedder,
        CancellationToken cancellationToken)
    {
        var path = RoutingPolicy.Layout.CheckRowsOf(folder, manifest, FileName);
        var found = new double[costs.Models.Count];
        var rows = File.ReadLines(path).Select((line, index) => Read(folder, line, index + 1, found.Length)).ToList();
        var vectors = embedder is null
            ? []
            : await RoutingBattles.EmbedAsync(rows.Select(row => row.Prompt), embedder, cancellationToken).ConfigureAwait(false);
        foreach (var (number, (prompt, saved)) in rows.Index())
        {
            RoutingPolicy.WinOrTie(predictor, costs, prompt, vectors.GetValueOrDefault(prompt, []), found);
            for (var m = 0; m < found.Length; m++)
            {
                if (Math.Abs(saved[m] - found[m]) <= manifest.CheckTolerance)
                    continue;
                throw RoutingPolicy.Layout.NotReproduced(
                    folder,
                    manifest,
                    $"for check row {number + 1} and {costs.Models[m].Model} it now says {found[m]:F6} instead of {saved[m]:F6}");
            }
        }
    }

    private static (string Prompt, double[] Saved) Read(string folder, string line, int number, int models)
    {
        try
        {
            if (JsonNode.Parse(line) is JsonObject row && (string?)row["prompt"] is { } prompt && row["win_or_tie"] is JsonArray values
                && values.Count == models)
            {
                return (prompt, [.. values.Select(value => (double)value!)]);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Said below.
        }

        throw new InputException(
            $"{Path.Combine(folder, FileName)}, line {number} is not a prompt with {models} probabilities. Train the policy again.");
    }
}
