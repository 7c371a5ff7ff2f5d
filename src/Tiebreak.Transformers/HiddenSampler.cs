using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers;

/// <summary>Takes samples of hidden states while a model runs.</summary>
internal sealed class HiddenSampler(PackedTokens tokens, int lastLayer)
{
    private const int ValuesTaken = 8;
    private const int PositionsTaken = 4;

    public List<HiddenSample> LastHiddenStates { get; } = [];

    public List<HiddenSample> LayerTrace { get; } = [];

    public void Observe(int layer, Tensor hidden)
    {
        LayerTrace.Add(Sample(hidden, row: 0, tokens.LengthOf(0) - 1, layer));
        if (layer < lastLayer)
            return;

        for (var row = 0; row < tokens.Count; row++)
        {
            var last = tokens.LengthOf(row) - 1;
            foreach (var position in Enumerable.Range(0, PositionsTaken).Select(i => i * last / (PositionsTaken - 1)).Distinct())
                LastHiddenStates.Add(Sample(hidden, row, position, layer));
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
