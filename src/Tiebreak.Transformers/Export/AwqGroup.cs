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
    /// The groups of a decoder's layer. Where heads share values, projections share a matrix, or no norm stands before, a layer has no
    /// group and is rounded plainly.
    /// </summary>
    /// <param name="options">The decoder.</param>
    /// <param name="index">The layer's number, from 0.</param>
    /// <param name="layer">The layer's prefix: <c>model.layers.0.</c></param>
    public static IEnumerable<AwqGroup> Of(DecoderOptions options, int index, string layer)
    {
        var names = options.Names;
        var isSeparate = options.QueryKeyValueLayout is QueryKeyValueLayout.Separate;
        string[] attention = isSeparate ? [names.Query, names.Key, names.Value] : [names.QueryKeyValue];
        string[] feedForward = names.FeedForward.Gate is { } gate ? [gate, names.FeedForward.Up] : [names.FeedForward.Up];
        var sharesNorm = options.IsParallel && names.FeedForwardNorm is null;
        if (options.AttentionNormOf(index) is { } norm)
            yield return AfterNorm(sharesNorm ? [.. attention, .. feedForward] : attention, norm);
        if (isSeparate && options.Heads == options.KeyValueHeads)
            yield return new AwqGroup([layer + names.AttentionOutput], null, layer + names.Value);
        if (names.FeedForwardNorm is { } feedForwardNorm)
            yield return AfterNorm(feedForward, feedForwardNorm);
        if (names.FeedForward.Gate is not null)
            yield return new AwqGroup([layer + names.FeedForward.Down], null, layer + names.FeedForward.Up);

        AwqGroup AfterNorm(string[] linears, string before) => new([.. linears.Select(name => layer + name)], layer + before, null);
    }
}
