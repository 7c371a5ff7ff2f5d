using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
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
        var prompts = battles.Select(RoutingBattles.OpeningOf).Where(prompt => prompt is { Length: > 0 and <= MaxCharacters })
            .Distinct(StringComparer.Ordinal).ToList();
        var count = Math.Min(Count, prompts.Count);
        var lines = new StringBuilder();
        var probabilities = new double[costs.Models.Count];
        for (var k = 0; k < count; k++)
        {
            var prompt = prompts[(int)((long)k * prompts.Count / count)];
            RoutingPolicy.WinOrTie(predictor, costs, prompt, probabilities);
            lines.Append(new JsonObject
            {
                ["prompt"] = prompt,
                ["win_or_tie"] = new JsonArray([.. probabilities.Select(p => JsonValue.Create(p))]),
            }.ToJsonString()).Append('\n');
        }

        File.WriteAllText(Path.Combine(folder, FileName), lines.ToString());
    }

    /// <exception cref="InputException">The predictor no longer says what it said.</exception>
    public static void Verify(string folder, IPromptPredictor predictor, RoutingCosts costs, PolicyManifest manifest)
    {
        var path = RoutingPolicy.Layout.CheckRowsOf(folder, manifest, FileName);
        var found = new double[costs.Models.Count];
        foreach (var (line, number) in File.ReadLines(path).Select((line, index) => (line, index + 1)))
        {
            var (prompt, saved) = Read(folder, line, number, found.Length);
            RoutingPolicy.WinOrTie(predictor, costs, prompt, found);
            for (var m = 0; m < found.Length; m++)
            {
                if (Math.Abs(saved[m] - found[m]) <= manifest.CheckTolerance)
                    continue;
                throw RoutingPolicy.Layout.NotReproduced(
                    folder,
                    manifest,
                    $"for check row {number} and {costs.Models[m].Model} it now says {found[m]:F6} instead of {saved[m]:F6}");
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
