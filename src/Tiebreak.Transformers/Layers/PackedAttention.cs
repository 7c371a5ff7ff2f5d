using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Attention over packed sequences, one sequence at a time, in blocks of queries: memory grows with the length, not with its square, and a
/// block touches only the keys that some query of it sees. Grouped queries are rows of one product, so keys and values are never repeated.
/// Scores are normalised in float32. One code path serves windows, soft-capping and causal attention; where nothing
/// learns, <see cref="AttentionKernel"/> does the same for all sequences at once.
/// </summary>
internal static class PackedAttention
{
    private const int QueryBlock = 256;

    /// <summary>Attends within each sequence, its prefix included.</summary>
    /// <param name="query">[wanted tokens, heads, dim].</param>
    /// <param name="key">[tokens, key heads, dim]; heads are a multiple of key heads.</param>
    /// <param name="value">[tokens, key heads, dim].</param>
    /// <param name="tokens">Where sequences begin and end.</param>
    /// <param name="options">Masks and scores.</param>
    /// <param name="wanted">Whose queries are given.</param>
    /// <returns>[wanted tokens, heads * dim].</returns>
    public static Tensor Attend(
        Tensor query, Tensor key, Tensor value, PackedTokens tokens, AttentionOptions options, TokenSelection wanted = TokenSelection.All)
    {
        using var scope = NewDisposeScope();
        if (!options.Dropout.IsOn && AttentionKernel.Takes(query, key, value))
            return WithKernel(query, key, value, tokens, options, wanted).MoveToOuterDisposeScope();

        if (!options.IsCausal && options.Window is null && options.Softcap is null && !options.Dropout.IsOn)
            return FusedAttention.Attend(query, key, value, tokens, options.Scale, wanted).MoveToOuterDisposeScope();

        var blocks = new List<Tensor>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (start, count, position) = tokens.SelectionOf(i, wanted);
            using var keys = tokens.Whole(key, i);
            using var values = tokens.Whole(value, i);
            Attend(query.narrow(0, start, count), position, keys, values, options, blocks);
        }

        return cat(blocks).MoveToOuterDisposeScope();
    }

    private static Tensor WithKernel(
        Tensor query, Tensor key, Tensor value, PackedTokens tokens, AttentionOptions options, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var output = empty([query.shape[0], query.shape[1] * query.shape[2]], query.dtype);
        var sequences = new List<AttentionSequence>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (start, count, position) = tokens.SelectionOf(i, wanted);
            sequences.Add(new AttentionSequence(
                query.narrow(0, start, count), tokens.Whole(key, i), tokens.Whole(value, i),
                new AttentionView(position, options.IsCausal, options.Window), output.narrow(0, start, count)));
        }

        AttentionKernel.Attend(sequences, (float)options.Scale, (float?)options.Softcap);
        return output.MoveToOuterDisposeScope();
    }

    /// <param name="query">[queries, heads, dim]: of tokens that follow each other.</param>
    /// <param name="position">The place of the first of them in the sequence.</param>
    /// <param name="key">[length, key heads, dim]: of the whole sequence.</param>
    /// <param name="value">[length, key heads, dim]: of the whole sequence.</param>
    /// <param name="options">Masks and scores.</param>
    /// <param name="blocks">Gets [block of queries, heads * dim] for each block.</param>
    private static void Attend(Tensor query, long position, Tensor key, Tensor value, AttentionOptions options, List<Tensor> blocks)
    {
        var (queries, length) = (query.shape[0], key.shape[0]);
        var keys = key.permute(1, 2, 0); // [key heads, dim, length]
        var values = value.transpose(0, 1); // [key heads, length, dim]
        for (long start = 0; start < queries; start += QueryBlock)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(QueryBlock, queries - start);
            var first = position + start;
            var view = new AttentionView((int)first, options.IsCausal, options.Window);
            var firstKey = view.FirstKey(0);
            var keyCount = view.AfterLastKey((int)count - 1, (int)length) - firstKey;

            var products = Products(query.narrow(0, start, count), keys.narrow(2, firstKey, keyCount));

            // Inference mode decides, and not whether gradients are recorded: a layer of a training must be the same either way.
            var shares = !is_inference_mode_enabled() && options.Softcap is null && TensorMemory.HoldsPlain(products)
                ? AttentionShares.Of(
                    products, view with { Position = view.Position - firstKey }, (int)count, options.Scale,
                    options.Dropout.MaskOf(part: blocks.Count))
                : Shares(products.view(keys.shape[0], -1, count, keyCount), first, firstKey, options, part: blocks.Count);
            var mixed = shares.bmm(values.narrow(1, firstKey, keyCount)); // [key heads, group * count, dim]
            var rows = mixed.view(keys.shape[0], -1, count, values.shape[2]).permute(2, 0, 1, 3); // [count, key heads, group, dim]
            blocks.Add(rows.reshape(count, -1).MoveToOuterDisposeScope());
        }
    }

    /// <returns>[key heads, group * count, keys].</returns>
    private static Tensor Products(Tensor query, Tensor keys)
    {
        var (count, heads, dim, keyHeads) = (query.shape[0], query.shape[1], query.shape[2], keys.shape[0]);
        var groups = query.view(count, keyHeads, heads / keyHeads, dim).permute(1, 2, 0, 3);
        return groups.reshape(keyHeads, -1, dim).bmm(keys);
    }

    // Of products [key heads, group, count, keys]: [key heads, group * count, keys].
    private static Tensor Shares(Tensor products, long first, long firstKey, AttentionOptions options, int part)
    {
        var scores = products.MultiplyInPlace(options.Scale);

        // The last product is not in place: the gradient of tanh needs its result.
        if (options.Softcap is { } cap)
            scores = scores.DivideInPlace(cap).tanh_().Multiply(cap);
        if (options.IsCausal)
            Mask(scores, first, firstKey, options.Window);
        else if (options.Window is { } reach && scores.shape[3] > reach)
            MaskFar(scores, first, firstKey, reach);
        var shares = scores.softmax(-1, ScalarType.Float32).to(products.dtype).flatten(1, 2);
        return options.Dropout.Forward(shares, part);
    }

    /// <summary>Hides what comes after each query, and what lies before its window.</summary>
    private static void Mask(Tensor scores, long start, long firstKey, int? window)
    {
        var (count, keyCount) = (scores.shape[2], scores.shape[3]);
        using var future = ones(count, count, dtype: ScalarType.Bool, device: scores.device).triu(1);
        using var diagonal = scores.narrow(3, start - firstKey, count);
        diagonal.MaskedFillInPlace(future, double.NegativeInfinity);

        if (window is not { } width || keyCount <= width)
            return;

        using var past = ones(count, keyCount - width, dtype: ScalarType.Bool, device: scores.device).tril(start - width - firstKey);
        using var left = scores.narrow(3, 0, keyCount - width);
        left.MaskedFillInPlace(past, double.NegativeInfinity);
    }

    /// <summary>Hides what lies outside of each query's window on either side.</summary>
    private static void MaskFar(Tensor scores, long start, long firstKey, int window)
    {
        using var scope = NewDisposeScope();
        var queries = TensorArithmetic.Range(start, start + scores.shape[2], device: scores.device).unsqueeze(1);
        var keys = TensorArithmetic.Range(firstKey, firstKey + scores.shape[3], device: scores.device);
        _ = scores.MaskedFillInPlace((queries - keys).abs().GreaterOrEqual(window), double.NegativeInfinity);
    }
}
