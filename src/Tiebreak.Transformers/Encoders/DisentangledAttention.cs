using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>
/// DeBERTa's attention (https://arxiv.org/abs/2006.03654, equation 4): scores of content with content, of content with relative position,
/// and of relative position with content, added and divided by sqrt(terms * dim). In blocks of queries, so that memory grows with the
/// length alone.
/// </summary>
internal sealed class DisentangledAttention : WeightOwner, IEncoderAttention
{
    private const int QueryBlock = 256;
    private const int FusedQueryBlock = 128;

    private readonly AttentionProjections _projections;
    private readonly Linear? _positionKey;
    private readonly Linear? _positionQuery;
    private readonly RelativePositions _positions;
    private readonly int _heads;
    private readonly double _scale;
    private readonly Dropout _dropout;
    private readonly Dropout _positionDropout;
    private readonly Lock _projecting = new();
    private (Tensor? Keys, Tensor? Queries)? _projectedPositions;

    public DisentangledAttention(
        EncoderOptions options, RelativeOptions relative, RelativePositions positions, WeightSource weights, string prefix)
    {
        var size = options.HiddenSize;
        _heads = options.Heads;
        _scale = 1 / Math.Sqrt(relative.Terms * (size / (double)options.Heads));
        _positions = positions;
        (_dropout, _positionDropout) = (weights.Dropout(options.AttentionDropout), weights.Dropout(options.HiddenDropout));
        _projections = Own(new AttentionProjections(options, weights, prefix));
        if (relative.ContentToPosition)
            _positionKey = relative.SharesProjections ? _projections.Key : Projection(options.Names.PositionKey);
        if (relative.PositionToContent)
            _positionQuery = relative.SharesProjections ? _projections.Query : Projection(options.Names.PositionQuery);

        Linear Projection(string name) => Own(weights.LaidOutLinear(prefix + name, size, size, hasBias: true));
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var (tokens, rows) = (positions.Tokens, positions.Relative!);
        var (ofQueries, ofKeys, ofValues) = _projections.Apply(hidden, tokens, wanted);
        var (ofPositionKeys, ofPositionQueries) = ProjectedPositions();
        if (ofPositionKeys is not null && ofPositionQueries is not null && AttentionKernel.Takes(ofQueries, ofKeys, ofValues)
            && Enumerable.Range(0, tokens.Count)
                .All(i => AttentionKernel.TakesPositions(ofQueries, rows.ColumnsByDistance(tokens.LengthOf(i)).Columns)))
        {
            return WithKernel(ofQueries, ofKeys, ofValues, ofPositionKeys, ofPositionQueries, positions, wanted).MoveToOuterDisposeScope();
        }

        var (query, key, value) = (ofQueries.transpose(0, 1), ofKeys.transpose(0, 1), ofValues.transpose(0, 1)); // [heads, tokens, dim]
        var positionKeys = ofPositionKeys?.permute(1, 2, 0); // [heads, dim, 2 * span]
        var positionQueries = ofPositionQueries?.permute(1, 2, 0);

        // The fused way has no gradient. Inference mode decides: a layer of a training must be the same whether it is recorded or not.
        var isFused = is_inference_mode_enabled() && hidden.device_type is TorchSharp.DeviceType.CPU
            && hidden.dtype is ScalarType.Float32 or ScalarType.BFloat16 && positionKeys is not null && positionQueries is not null;
        var blocks = new List<Tensor>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (first, count, position) = tokens.SelectionOf(i, wanted);
            var (start, length) = (tokens.StartOf(i), tokens.LengthOf(i));
            var (queries, keys, values) = (query.narrow(1, first, count), key.narrow(1, start, length), value.narrow(1, start, length));
            if (isFused)
                AttendFused(queries, position, keys, values, positionKeys!, positionQueries!, rows, blocks);
            else
                Attend(queries, position, keys, values, positionKeys, positionQueries, rows, blocks);
        }

        return cat(blocks).MoveToOuterDisposeScope();
    }

    /// <summary>The table of relative positions, projected to keys and queries: [2 * span, heads, dim] each.</summary>
    private (Tensor? Keys, Tensor? Queries) ProjectedPositions()
    {
        if (!is_inference_mode_enabled() || (_positionKey ?? _positionQuery) is not BlockLinear)
            return Project();

        // Nothing of such a model learns: what the first part of a batch projects is kept for all others.
        lock (_projecting)
        {
            if (_projectedPositions is null)
            {
                using var scope = NewDisposeScope();
                var (keys, queries) = Project();
                _projectedPositions = (Kept(keys), Kept(queries));
            }

            return _projectedPositions.Value;
        }

        (Tensor? Keys, Tensor? Queries) Project()
        {
            var embeddings = _positionDropout.Forward(_positions.Embeddings());
            return (Projected(_positionKey, embeddings), Projected(_positionQuery, embeddings));
        }

        Tensor? Projected(Linear? projection, Tensor embeddings) =>
            projection is null ? null : _projections.Heads(projection.Forward(embeddings));

        Tensor? Kept(Tensor? projected) => projected is null ? null : Own(projected.DetachFromDisposeScope());
    }

    private Tensor WithKernel(
        Tensor query,
        Tensor key,
        Tensor value,
        Tensor positionKeys,
        Tensor positionQueries,
        BatchPositions positions,
        TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var tokens = positions.Tokens;
        var output = empty([query.shape[0], query.shape[1] * query.shape[2]], query.dtype);
        var sequences = new List<AttentionSequence>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (first, count, position) = tokens.SelectionOf(i, wanted);
            var (start, length) = (tokens.StartOf(i), tokens.LengthOf(i));
            var (firstRow, columns) = positions.Relative!.ColumnsByDistance(length);
            var table = new AttentionPositions(
                positionKeys.narrow(0, firstRow, columns.Count), positionQueries.narrow(0, firstRow, columns.Count), columns);
            sequences.Add(new AttentionSequence(
                query.narrow(0, first, count), key.narrow(0, start, length), value.narrow(0, start, length),
                new AttentionView(position, IsCausal: false, Window: null), output.narrow(0, first, count), Positions: table));
        }

        AttentionKernel.Attend(sequences, (float)_scale, softcap: null);
        return output.MoveToOuterDisposeScope();
    }

    private void Attend(
        Tensor query,
        int position,
        Tensor key,
        Tensor value,
        Tensor? positionKeys,
        Tensor? positionQueries,
        RelativeRows rows,
        List<Tensor> blocks)
    {
        using var outer = NewDisposeScope();
        var (queryCount, length) = (query.shape[1], (int)key.shape[1]);
        var keys = key.transpose(1, 2); // [heads, dim, length]
        // [heads, length, 2 * span]: key by relative position
        var fromPositions = positionQueries is null ? null : key.bmm(positionQueries);
        for (long start = 0; start < queryCount; start += QueryBlock)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(QueryBlock, queryCount - start);
            var queries = query.narrow(1, start, count);
            var places = rows.Of(position + start, count, length).unsqueeze(0).expand(_heads, -1, -1); // [heads, count, length]

            var scores = queries.bmm(keys);
            if (positionKeys is not null)
                scores.AddInPlace(queries.bmm(positionKeys).gather(2, places));
            if (fromPositions is not null)
                scores.AddInPlace(fromPositions.gather(2, places.transpose(1, 2)).transpose(1, 2));

            var shares = scores.MultiplyInPlace(_scale).softmax(-1, ScalarType.Float32).to(value.dtype);
            shares = _dropout.Forward(shares, part: blocks.Count);
            blocks.Add(shares.bmm(value).transpose(0, 1).reshape(count, -1).MoveToOuterDisposeScope().MoveToOuterDisposeScope());
        }
    }

    private void AttendFused(
        Tensor query,
        int position,
        Tensor key,
        Tensor value,
        Tensor positionKeys,
        Tensor positionQueries,
        RelativeRows rows,
        List<Tensor> blocks)
    {
        using var outer = NewDisposeScope();
        var (queryCount, length) = ((int)query.shape[1], (int)key.shape[1]);
        var (firstRow, columns) = rows.ColumnsByDistance(length);
        var byKey = key.bmm(positionQueries.narrow(2, firstRow, columns.Count)); // [heads, length, rows]
        var table = positionKeys.narrow(2, firstRow, columns.Count);
        for (var start = 0; start < queryCount; start += FusedQueryBlock)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(FusedQueryBlock, queryCount - start);
            var queries = query.narrow(1, start, count);
            var bias = RelativeBias.Sum(queries.bmm(table), byKey, position + start, columns, (float)_scale); // [heads, count, length]
            blocks.Add(Mix(queries, key, value, bias).MoveToOuterDisposeScope().MoveToOuterDisposeScope());
        }
    }

    // [heads, count, dim], [heads, length, dim] twice and [heads, count, length] give [count, heads * dim].
    private Tensor Mix(Tensor query, Tensor key, Tensor value, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var (ofQuery, ofKey, ofValue) = (query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1)); // as they were projected
        if (AttentionKernel.Takes(ofQuery, ofKey, ofValue))
        {
            var output = empty([ofQuery.shape[0], ofQuery.shape[1] * ofQuery.shape[2]], query.dtype);
            var view = new AttentionView(0, IsCausal: false, Window: null);
            AttentionKernel.Attend([new AttentionSequence(ofQuery, ofKey, ofValue, view, output, bias)], (float)_scale, softcap: null);
            return output.MoveToOuterDisposeScope();
        }

        var mixed = TensorOperators.ScaledDotProductAttention(
            query.unsqueeze(0), key.unsqueeze(0), value.unsqueeze(0), bias.unsqueeze(0), scale: _scale); // [1, heads, count, dim]
        return mixed.squeeze(0).transpose(0, 1).reshape(query.shape[1], -1).MoveToOuterDisposeScope();
    }
}
