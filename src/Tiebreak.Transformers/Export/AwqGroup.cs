using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// Layers that share their inputs, and what comes before them and can be divided by what their columns are multiplied with.
/// </summary>
/// <param name="Linears">Names of the layers.</param>
/// <param name="Norm">The norm before them; null: a linear layer.</param>
/// <param name="Previous">The linear layer before them, each of whose outputs is one of their inputs; null: a norm.</param>
internal sealed record AwqGroup(IReadOnlyList<string> Linears, string? Norm, string? Previous)
{
    /// <summary>
    /// The groups of a decoder's layer. Where heads share values, or projections share a matrix, a layer has no group and is rounded
    /// plainly.
    /// </summary>
    /// <param name="options">The decoder.</param>
    /// <param name="layer">The layer's prefix: <c>model.layers.0.</c></param>
    public static IEnumerable<AwqGroup> Of(DecoderOptions options, string layer)
    {
        var names = options.Names;
        var isSeparate = options.QueryKeyValueLayout is QueryKeyValueLayout.Separate;
        yield return new AwqGroup(
            [.. (isSeparate ? [names.Query, names.Key, names.Value] : new[] { names.QueryKeyValue }).Select(name => layer + name)],
            layer + names.AttentionNorm,
            null);
        if (isSeparate && options.Heads == options.KeyValueHeads)
            yield return new AwqGroup([layer + names.AttentionOutput], null, layer + names.Value);
        yield return new AwqGroup(
            [.. (names.GateUp is { } both ? [both] : new[] { names.Gate, names.Up }).Select(name => layer + name)],
            layer + names.FeedForwardNorm,
            null);
        if (names.GateUp is null)
            yield return new AwqGroup([layer + names.Down], null, layer + names.Up);
    }
}
