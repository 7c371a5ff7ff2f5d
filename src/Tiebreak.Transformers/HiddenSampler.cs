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
