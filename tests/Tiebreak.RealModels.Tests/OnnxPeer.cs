using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.RealModels.Tests;

/// <summary>A model as ONNX Runtime computes it: a text at a time, pooled and scaled to length 1 here.</summary>
internal sealed class OnnxPeer(byte[] model) : IDisposable
{
    private readonly InferenceSession _session = new(model, new SessionOptions { IntraOpNumThreads = 2 });

    public double[] Embed(int[] ids, EmbeddingPooling pooling)
    {
        using var outputs = _session.Run([
            Input("input_ids", Array.ConvertAll(ids, id => (long)id)),
            Input("attention_mask", [.. ids.Select(_ => 1L)]),
            Input("token_type_ids", new long[ids.Length]),
        ]);
        var states = outputs[0].AsTensor<float>(); // [1, tokens, size]
        var tokens = pooling is EmbeddingPooling.Token ? 1 : ids.Length;
        var sums = new double[states.Dimensions[2]];
        for (var token = 0; token < tokens; token++)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += states[0, token, i];
        }

        var length = Math.Sqrt(sums.Sum(value => value * value));
        return Array.ConvertAll(sums, value => value / length);
    }

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue Input(string name, long[] values) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(values, [1, values.Length]));
}
