using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>Projects hidden states to queries, keys and values, with one matrix or three, and normalises queries and keys.</summary>
internal sealed class QueryKeyValue : WeightOwner
{
    private readonly Linear[] _projections;
    private readonly Norm? _queryNorm;
    private readonly Norm? _keyNorm;
    private readonly bool _normalisesHeads;
    private readonly QueryKeyValueLayout _layout;
    private readonly int _heads;
    private readonly int _keyHeads;
    private readonly int _dim;

    public QueryKeyValue(DecoderOptions options, WeightSource weights, string prefix)
    {
        (_layout, _heads, _keyHeads, _dim) = (options.QueryKeyValueLayout, options.Heads, options.KeyValueHeads, options.HeadDimension);
        var names = options.Names;
        _projections = _layout is QueryKeyValueLayout.Separate
            ? [Project(names.Query, _heads), Project(names.Key, _keyHeads), Project(names.Value, _keyHeads)]
            : [Project(names.QueryKeyValue, _heads + (2 * _keyHeads))];
        _normalisesHeads = options.QueryKeyNorm is QueryKeyNorm.Head;
        if (options.QueryKeyNorm is not QueryKeyNorm.None)
            (_queryNorm, _keyNorm) = (CreateNorm(names.QueryNorm, _heads), CreateNorm(names.KeyNorm, _keyHeads));

        Linear Project(string name, int heads) =>
            Own(weights.Linear(prefix + name, options.HiddenSize, heads * _dim, options.QueryKeyValueBias));

        Norm CreateNorm(string name, int heads) =>
            Own(options.Norm.Create(weights, prefix + name, _normalisesHeads ? _dim : heads * _dim));
    }

    /// <param name="hidden">[tokens, hidden].</param>
    /// <param name="tokens">Where sequences begin and end.</param>
    /// <param name="wanted">Whose queries are needed; keys and values are those of all tokens.</param>
    /// <returns>Queries [wanted tokens, heads, dim]; keys and values [tokens, key heads, dim].</returns>
    public (Tensor Query, Tensor Key, Tensor Value) Forward(Tensor hidden, PackedTokens tokens, TokenSelection wanted)
    {
        var (query, key, value) = Project(hidden, tokens, wanted);
        return (Normalised(_queryNorm, query), Normalised(_keyNorm, key), value);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor hidden, PackedTokens tokens, TokenSelection wanted)
    {
        if (_layout is QueryKeyValueLayout.Separate)
        {
            using var input = new LinearInput(hidden);
            var queries = Heads(input.Apply(_projections[0], tokens, wanted), _heads);
            return (queries, Heads(_projections[1].Forward(input), _keyHeads), Heads(_projections[2].Forward(input), _keyHeads));
        }

        var all = _projections[0].Forward(hidden);
        var (query, key, value) = _layout is QueryKeyValueLayout.Stacked ? Stacked(Heads(all, _heads + (2 * _keyHeads))) : Interleaved(all);
        return (tokens.Select(query, wanted), key, value);
    }

    /// <param name="norm">Null: the heads stay as they are.</param>
    /// <param name="heads">[tokens, heads, dim].</param>
    private Tensor Normalised(Norm? norm, Tensor heads) => norm switch
    {
        null => heads,
        _ when _normalisesHeads => norm.Forward(heads),
        _ => norm.Forward(heads.flatten(1)).view(heads.shape),
    };

    private Tensor Heads(Tensor projected, int heads) => projected.view(-1, heads, _dim);

    private (Tensor Query, Tensor Key, Tensor Value) Stacked(Tensor all) =>
        (all.narrow(1, 0, _heads).contiguous(), all.narrow(1, _heads, _keyHeads), all.narrow(1, _heads + _keyHeads, _keyHeads));

    private (Tensor Query, Tensor Key, Tensor Value) Interleaved(Tensor all)
    {
        var queries = _heads / _keyHeads;
        var groups = all.view(-1, _keyHeads, queries + 2, _dim); // [tokens, key heads, queries + key + value, dim]
        return (groups.narrow(2, 0, queries).reshape(-1, _heads, _dim), groups.select(2, queries), groups.select(2, queries + 1));
    }
}

/// <summary>How a checkpoint stores the projections to queries, keys and values.</summary>
internal enum QueryKeyValueLayout
{
    /// <summary>Three matrices.</summary>
    Separate,

    /// <summary>One matrix: the rows of all queries, of all keys, of all values (Phi-3).</summary>
    Stacked,

    /// <summary>One matrix: for each key head its queries, its key, its value (InternLM2, GPT-NeoX).</summary>
    Interleaved,
}

/// <summary>What is normalised of queries and keys, before they are rotated.</summary>
internal enum QueryKeyNorm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each head by itself, all with the same weights (Qwen 3, Gemma 3).</summary>
    Head,

    /// <summary>All heads of a token together (OLMo 2).</summary>
    Projection,
}
