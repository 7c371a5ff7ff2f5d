using System.Text.Json.Nodes;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Cli.Verbs.Model;

/// <summary>What a model computed, as JSON.</summary>
internal static class LogitsJson
{
    /// <param name="batch">The rows.</param>
    /// <param name="output">Computed as transformers computes the padded batch.</param>
    /// <param name="alone">Computed row by row, where that makes a difference.</param>
    /// <param name="kind">What the logits are.</param>
    /// <param name="labels">Tokens of answers.</param>
    public static JsonObject Batch(
        LogitsBatch batch, ModelOutput output, ModelOutput? alone, HeadKind kind, IReadOnlyList<LabelToken> labels)
    {
        var json = new JsonObject { ["name"] = batch.Name };
        if (kind is HeadKind.Generator)
        {
            json["last_positions"] = new JsonArray([.. batch.Rows.Select((row, i) => (JsonNode)(batch.Before[i] + row.Tokens.Count - 1))]);
            json["next_token_logits"] = Rows(output.Logits);
            if (labels.Count > 0)
            {
                json["label_logits"] = Rows(output.Logits.Select(row => Chosen(row, kind, labels)));
                json["label_probs"] = Rows(output.Logits.Select(row => Softmax(Chosen(row, kind, labels))));
            }
        }
        else
        {
            json["logits"] = Rows(output.Logits);
            json["probs"] = Rows(output.Logits.Select(Softmax));
        }

        json["last_hidden_state"] = new JsonArray([.. output.LastHiddenStates.Select(sample => Sample(sample, batch))]);
        json["layer_trace"] = new JsonArray([.. output.LayerTrace.Select(sample =>
        {
            var node = Sample(sample, batch);
            node.Insert(2, "hidden_state_index", sample.Layer);
            return node;
        })]);
        if (alone is not null)
            json["logits_each_alone"] = Rows(alone.Logits);
        return json;
    }

    /// <summary>The logits that count: all labels, or those of the answers' tokens.</summary>
    /// <exception cref="Core.InputException">A token is not in the vocabulary.</exception>
    public static float[] Chosen(
        float[] row, HeadKind kind, IReadOnlyList<LabelToken> labels) => kind is HeadKind.Classifier ? row : [.. labels.Select(label =>
            label.Id >= 0 && label.Id < row.Length
                ? row[label.Id]
                : throw new Core.InputException(
                    $"label_token_ids: {label.Name} is {label.Id}, but the model's vocabulary has {row.Length} entries."))];

    private static JsonObject Sample(HiddenSample sample, LogitsBatch batch) => new()
    {
        ["row"] = sample.Row,
        ["position"] = batch.Before[sample.Row] + sample.Position,
        ["first8"] = Row(sample.Values),
    };

    private static float[] Softmax(float[] logits)
    {
        var max = logits.Max();
        var powers = Array.ConvertAll(logits, logit => Math.Exp(logit - max));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, power => (float)(power / sum));
    }

    private static JsonArray Rows(IEnumerable<float[]> rows) => new([.. rows.Select(Row)]);

    private static JsonArray Row(IReadOnlyList<float> values) => new([.. values.Select(value => (JsonNode)value)]);
}
