using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// The weights of a base with an adapter: layers that it is for get its low-rank part, modules that it saved whole take the base's place.
/// </summary>
/// <param name="baseWeights">The base; not asked for what the adapter saved whole.</param>
/// <param name="adapterWeights">The adapter's own tensors, by the names in its file.</param>
/// <param name="adapter">The adapter.</param>
internal sealed class AdaptedWeights(WeightSource baseWeights, WeightSource adapterWeights, Adapter adapter) : WeightSource
{
    private const string Suffix = ".weight";

    /// <summary>Layers that the adapter is for by its configuration.</summary>
    public int Targets { get; private set; }

    /// <inheritdoc/>
    public override Device Device => baseWeights.Device;

    /// <inheritdoc/>
    public override DType Type => baseWeights.Type;

    /// <inheritdoc/>
    public override bool Has(string name) => baseWeights.Has(name);

    /// <inheritdoc/>
    public override long? RowsOf(string name) =>
        SavedName(name) is { } saved ? adapterWeights.RowsOf(saved) : baseWeights.RowsOf(name);

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        if (TokensOf(name) is null)
            return WithoutTokens(name, shape);

        // As one matrix, to be written.
        using var words = Words(name, shape[0], shape[1], asStored: false);
        return words.Matrix().DetachFromDisposeScope();
    }

    private Tensor WithoutTokens(string name, params ReadOnlySpan<long> shape)
    {
        if (adapter.StoredName(name) is { } saved)
            return adapterWeights.Tensor(saved, shape);

        var plain = baseWeights.Tensor(name, shape);
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
            return plain;
        var module = name[..^Suffix.Length];
        return IsAdaptedTable(name) ? Embedding(module, plain, shape)
            : SavedName($"{module}.lora_A{Suffix}") is not null ? LanguageHead(module, plain, shape)
            : plain;
    }

    /// <inheritdoc/>
    public override Tensor Table(string name, long rows, long width) =>
        adapter.StoredName(name) is not null || IsAdaptedTable(name) ? WithoutTokens(name, rows, width)
            : baseWeights.Table(name, rows, width);

    /// <inheritdoc/>
    internal override WordEmbedding Words(string name, long rows, long width, bool asStored)
    {
        var table = asStored ? Table(name, rows, width) : WithoutTokens(name, rows, width);
        return TokensOf(name) is { } tokens ? new WordEmbedding(table, tokens, TokenRows(name, table, tokens)) : new WordEmbedding(table);
    }

    /// <inheritdoc/>
    internal override Dropout Dropout(double probability) => adapterWeights.Dropout(probability);

    /// <inheritdoc/>
    public override Linear Linear(string name, int inputs, int outputs, bool hasBias)
    {
        if (adapter.StoredName($"{name}.weight") is not null)
            return new DenseLinear(Tensor($"{name}.weight", outputs, inputs), hasBias ? Tensor($"{name}.bias", outputs) : null);

        var linear = baseWeights.Linear(name, inputs, outputs, hasBias);
        if (hasBias && adapter.StoredName($"{name}.bias") is { } bias)
            linear = new RebiasedLinear(linear, adapterWeights.Tensor(bias, outputs));
        if (!adapter.Config.Targets.Contains(name))
            return linear;

        Targets++;
        var rank = adapter.Config.RankOf(name);
        return new LoraLinear(
            linear,
            Stored($"{name}.lora_A.weight", rank, inputs),
            Stored($"{name}.lora_B.weight", outputs, rank),
            adapter.StoredName($"{name}.lora_B.bias") is { } upBias ? adapterWeights.Tensor(upBias, outputs) : null,
            adapter.Config.ScalingOf(name),
            adapter.Config.UsesDora ? Magnitude(name, linear, outputs) : null,
            adapterWeights.Dropout(adapter.Config.Dropout));
    }

    private IReadOnlyList<int>? TokensOf(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal) && name[..^Suffix.Length] is var module
            && adapter.StoredName(module + Adapter.TokenRowsName) is not null
                ? adapter.Config.Tokens.Of(module)
                : null;

    private Tensor TokenRows(string name, Tensor table, IReadOnlyList<int> tokens)
    {
        var rows = Stored(name[..^Suffix.Length] + Adapter.TokenRowsName, tokens.Count, table.shape[1]);
        if (!adapter.IsNew || rows.device.type == META.type)
            return rows;

        // Those of a new adapter begin as the table has them.
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        _ = rows.copy_(table.index_select(0, tensor([.. tokens.Select(token => (long)token)], device: table.device)));
        return rows;
    }

    private bool IsAdaptedTable(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal) && adapter.StoredName($"{name[..^Suffix.Length]}.lora_embedding_A") is not null;

    // What a file really holds; a new adapter only says what it would hold.
    private string? SavedName(string name) => adapter.IsNew ? null : adapter.StoredName(name);

    // An embedding's row is picked, not multiplied: its adapter is added once, when it is loaded.
    private Tensor Embedding(string module, Tensor plain, ReadOnlySpan<long> shape)
    {
        using var scope = NewDisposeScope();
        var rank = adapter.Config.RankOf(module);
        using var down = Stored($"{module}.lora_embedding_A", rank, shape[0]); // [rank, vocabulary]
        using var up = Stored($"{module}.lora_embedding_B", shape[1], rank); // [hidden, rank]
        return Added(module, plain, down.t(), up.t());
    }

    // So is that of a language model's head, of which some rows alone may be multiplied.
    private Tensor LanguageHead(string module, Tensor plain, ReadOnlySpan<long> shape)
    {
        if (adapter.Config.UsesDora)
            throw new InputException($"{adapter.Config.Path}: DoRA of the language head {module} is not computed by Tiebreak.");
        var rank = adapter.Config.RankOf(module);
        using var down = Stored($"{module}.lora_A{Suffix}", rank, shape[1]); // [rank, hidden]
        using var up = Stored($"{module}.lora_B{Suffix}", shape[0], rank); // [vocabulary, rank]
        return Added(module, plain, up, down);
    }

    // plain + scaling * left right, in float32, rounded once; plain is freed.
    private Tensor Added(string module, Tensor plain, Tensor left, Tensor right)
    {
        Targets++;
        if (left.requires_grad)
        {
            throw new InputException(
                $"{adapter.Config.Path}: \"target_modules\" names {module}, whose adapter can be used but not trained; leave it out.");
        }

        using var scope = NewDisposeScope();
        using (plain)
        {
            var product = left.to(ScalarType.Float32).matmul(right.to(ScalarType.Float32)); // [vocabulary, hidden]
            return plain.to(ScalarType.Float32).Add(product, alpha: adapter.Config.ScalingOf(module)).to(plain.dtype)
                .contiguous().DetachFromDisposeScope();
        }
    }

    private Tensor Magnitude(string name, Linear linear, int outputs)
    {
        var stored = name + Adapter.MagnitudeName;
        var magnitude = Stored(adapter.StoredName(stored) is null ? stored[..^Suffix.Length] : stored, outputs);
        if (!adapter.IsNew)
            return magnitude;

        // A new adapter leaves the layer as it is: B is zero, and rows keep the base's lengths.
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        _ = magnitude.copy_(linear.Weight(ScalarType.Float32).norm(1));
        return magnitude;
    }

    // A tensor that the adapter lacks is asked for by the name that it would have, so that the comparison with the file reports it.
    private Tensor Stored(string name, params ReadOnlySpan<long> shape) => adapterWeights.Tensor(adapter.StoredName(name) ?? name, shape);
}
