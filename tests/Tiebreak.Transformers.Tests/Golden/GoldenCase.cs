using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Tests.Golden;

/// <summary>One folder of shared/golden/models: a tiny random model with what transformers computed for it.</summary>
internal sealed class GoldenCase
{
    public GoldenCase(string name, string inputs = "inputs.json")
    {
        Folder = Repository.Shared("golden", "models", name);
        Inputs = Parse(inputs);
        Expected = Parse("expected.json");
    }

    public string Folder { get; }

    /// <summary>The case's adapter; null: it has none.</summary>
    public string? Adapter => Path.Combine(Folder, "adapter") is var adapter && Directory.Exists(adapter) ? adapter : null;

    public JsonObject Inputs { get; }

    public JsonObject Expected { get; }

    public double LogitsTolerance => (double)Expected["tolerance"]!["logits_atol"]!;

    public double HiddenTolerance => (double)Expected["tolerance"]!["hidden_atol"]!;

    public IEnumerable<(JsonObject Input, JsonObject Expected)> Batches =>
        Inputs["batches"]!.AsArray().Zip(Expected["batches"]!.AsArray(), (input, expected) => (input!.AsObject(), expected!.AsObject()));

    /// <summary>The rows of a padded batch without their padding, how many pads stood before each, and how long the batch was.</summary>
    public static (TokenSequence[] Rows, int[] Before, int Length) Rows(JsonObject batch)
    {
        var ids = batch["input_ids"]!.AsArray().Select(row => row!.AsArray().Select(id => (int)id!).ToArray()).ToArray();
        var masks = batch["attention_mask"]!.AsArray().Select(row => row!.AsArray().Select(bit => (int)bit!).ToArray()).ToArray();
        var rows = ids.Select((row, i) => new TokenSequence($"{batch["name"]}/{i}", [.. row.Where((_, j) => masks[i][j] == 1)]));
        return ([.. rows], [.. masks.Select(mask => Array.IndexOf(mask, 1))], ids[0].Length);
    }

    private JsonObject Parse(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsObject();
}
