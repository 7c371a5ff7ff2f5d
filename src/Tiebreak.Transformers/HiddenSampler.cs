using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers;

/// <summary>Takes samples of hidden states while a model runs.</summary>
/// <param name="tokens">The batch.</param>
/// <param name="layers">How many layers the model has.</param>
/// <param name="tracesResult">
/// Whether the trace ends with the final hidden state, after the norm that follows the last layer. transformers does so for decoders; for
/// encoders the trace ends with the last layer's own output.
/// </param>
internal sealed class HiddenSampler(PackedTokens tokens, int layers, bool tracesResult)
{
    private const int ValuesTaken = 8;
    private const int PositionsTaken = 4;

    public List<HiddenSample> LastHiddenStates { get; } = [];

    public List<HiddenSample> LayerTrace { get; } = [];

    public void Observe(int layer, Tensor hidden)
    {
        var isResult = layer > layers;
        if (layer < layers || isResult == tracesResult)
            LayerTrace.Add(Sample(hidden, row: 0, tokens.LengthOf(0) - 1, Math.Min(layer, layers)));
        if (!isResult)
            return;

        for (var row = 0; row < tokens.Count; row++)
        {
            var last = tokens.LengthOf(row) - 1;
            foreach (var position in Enumerable.Range(0, PositionsTaken).Select(i => i * last / (PositionsTaken - 1)).Distinct())
                LastHiddenStates.Add(Sample(hidden, row, position, layers));
        }
    }

    private HiddenSample Sample(Tensor hidden, int row, int position, int layer)
    {
        using var scope = NewDisposeScope();
        var values = hidden.select(0, tokens.StartOf(row) + position).narrow(0, 0, Math.Min(ValuesTaken, hidden.shape[1]));
        return new HiddenSample(row, position, layer, values.to(ScalarType.Float32).cpu().data<float>().ToArray());
    }
}

/// <summary>The beginning of one hidden state, to compare with another program's.</summary>
/// <param name="Row">The row's number, from 0.</param>
/// <param name="Position">The token's number in its row, from 0, padding not counted.</param>
/// <param name="Layer">
/// 0: the embedding; i: the output of layer i. The last is the final hidden state, after a decoder's final norm.
/// </param>
/// <param name="Values">The first values.</param>
internal sealed record HiddenSample(int Row, int Position, int Layer, IReadOnlyList<float> Values);
