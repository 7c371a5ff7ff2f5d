using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Benchmarks;

/// <summary>
/// An encoder as ONNX Runtime computes it, in float32 with all its optimisations of graphs. Texts of a batch are padded to the longest.
/// </summary>
internal sealed class OnnxEncoder : IDisposable
{
    private readonly InferenceSession _session;
    private readonly bool _isDeberta;

    /// <param name="model">The file, or the graph of <see cref="RandomDeberta"/>.</param>
    /// <param name="isDeberta">Whether it is the latter, which has other inputs.</param>
    /// <param name="threads">Threads of an operator.</param>
    public OnnxEncoder(byte[] model, bool isDeberta, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };

        // The others of the same process are measured in between.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        (_session, _isDeberta) = (new InferenceSession(model, options), isDeberta);
    }

    /// <summary>Computes a batch.</summary>
    /// <returns>The mean of each row's final hidden states.</returns>
    public float[][] Means(IReadOnlyList<TokenSequence> rows)
    {
        var length = rows.Max(row => row.Tokens.Count);
        var (ids, mask) = (new long[rows.Count * length], new long[rows.Count * length]);
        for (var i = 0; i < rows.Count; i++)
        {
            for (var token = 0; token < rows[i].Tokens.Count; token++)
                (ids[(i * length) + token], mask[(i * length) + token]) = (rows[i].Tokens[token], 1);
        }

        using var outputs = _session.Run(_isDeberta ? OfDeberta(ids, mask, rows.Count, length) :
        [
            Input("input_ids", ids, rows.Count, length),
            Input("attention_mask", mask, rows.Count, length),
            Input("token_type_ids", new long[ids.Length], rows.Count, length),
        ]);
        var states = (DenseTensor<float>)outputs[0].AsTensor<float>(); // [rows, length, hidden]
        var hidden = states.Dimensions[2];
        return
        [
            .. rows.Select((row, i) =>
            {
                var mean = new float[hidden];
                for (var token = 0; token < row.Tokens.Count; token++)
                {
                    var state = states.Buffer.Span.Slice(((i * length) + token) * hidden, hidden);
                    for (var k = 0; k < hidden; k++)
                        mean[k] += state[k] / row.Tokens.Count;
                }

                return mean;
            }),
        ];
    }

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue[] OfDeberta(long[] ids, long[] mask, int rows, int length) =>
    [
        Input("input_ids", ids, rows, length),
        Input("hidden_keys", Array.ConvertAll(mask, value => value == 1 ? 0 : -1e9f), rows, 1, 1, length),
        Input("places", RandomDeberta.Places(length), length, length),
        Input<long>("scores_shape", [rows, RandomDeberta.Heads, length, length], 4),
    ];

    private static NamedOnnxValue Input<T>(string name, T[] values, params int[] shape) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, shape));
}
