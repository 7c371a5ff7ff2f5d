using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Logits;

/// <summary>What a model computed for one batch; what its head does not give is null.</summary>
/// <param name="Name">What the inputs call the batch.</param>
internal sealed record BatchLogits(string Name)
{
    /// <summary>Generators: position of the last token of each row, with its padding.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? LastPositions { get; init; }

    /// <summary>Generators: the logits of the token that follows each row, over the vocabulary.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float[]>? NextTokenLogits { get; init; }

    /// <summary>Generators: those of the tokens that stand for answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float[]>? LabelLogits { get; init; }

    /// <summary>Generators: probabilities of the answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float[]>? LabelProbs { get; init; }

    /// <summary>Classifiers: the logits of the labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float[]>? Logits { get; init; }

    /// <summary>Classifiers: probabilities of the labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float[]>? Probs { get; init; }

    /// <summary>Samples of the last hidden states.</summary>
    public required IReadOnlyList<SampledState> LastHiddenState { get; init; }

    /// <summary>Samples of the hidden states between layers.</summary>
    public required IReadOnlyList<SampledState> LayerTrace { get; init; }

    /// <summary>The logits of each row computed alone, where padding makes a difference.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float[]>? LogitsEachAlone { get; init; }

    /// <summary>Tokens of each row.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <param name="batch">The rows.</param>
    /// <param name="output">Computed as transformers computes the padded batch.</param>
    /// <param name="alone">Computed row by row, where that makes a difference.</param>
    /// <param name="kind">What the logits are.</param>
    /// <param name="labels">Tokens of answers.</param>
    internal static BatchLogits Of(
        LogitsBatch batch, ModelOutput output, ModelOutput? alone, HeadKind kind, IReadOnlyList<LabelToken> labels)
    {
        var common = new BatchLogits(batch.Name)
        {
            LastHiddenState = [.. output.LastHiddenStates.Select(sample => SampledState.Of(sample, batch, isTrace: false))],
            LayerTrace = [.. output.LayerTrace.Select(sample => SampledState.Of(sample, batch, isTrace: true))],
            LogitsEachAlone = alone?.Logits,
            Tokens = [.. batch.Rows.Select(row => row.Tokens.Count)],
        };
        if (kind is not HeadKind.Generator)
            return common with { Logits = output.Logits, Probs = [.. output.Logits.Select(Softmax)] };

        float[][]? chosen = labels.Count == 0 ? null : [.. output.Logits.Select(row => Chosen(row, labels))];
        return common with
        {
            LastPositions = [.. batch.Rows.Select((row, i) => batch.Before[i] + row.Tokens.Count - 1)],
            NextTokenLogits = output.Logits,
            LabelLogits = chosen,
            LabelProbs = chosen is null ? null : [.. chosen.Select(Softmax)],
        };
    }

    private static float[] Chosen(float[] row, IReadOnlyList<LabelToken> labels) => [.. labels.Select(label =>
        label.Id >= 0 && label.Id < row.Length
            ? row[label.Id]
            : throw new InputException(
                $"label_token_ids: {label.Name} is {label.Id}, but the model's vocabulary has {row.Length} entries."))];

    private static float[] Softmax(float[] logits)
    {
        var max = logits.Max();
        var powers = Array.ConvertAll(logits, logit => Math.Exp(logit - max));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, power => (float)(power / sum));
    }
}

/// <summary>The first values of a hidden state.</summary>
/// <param name="Row">The row of the batch.</param>
/// <param name="Position">The position in the row, with its padding.</param>
/// <param name="HiddenStateIndex">After how many layers; null for the last hidden state.</param>
/// <param name="First8">The values.</param>
internal sealed record SampledState(
    int Row,
    int Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? HiddenStateIndex,
    IReadOnlyList<float> First8)
{
    internal static SampledState Of(HiddenSample sample, LogitsBatch batch, bool isTrace) =>
        new(sample.Row, batch.Before[sample.Row] + sample.Position, isTrace ? sample.Layer : null, sample.Values);
}

/// <summary>A token that stands for an answer.</summary>
/// <param name="Name">The answer: A, B, tie.</param>
/// <param name="Id">The token's id.</param>
internal sealed record LabelToken(string Name, int Id);
