using System.Globalization;
using System.Text.RegularExpressions;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Inspection;

/// <summary>
/// Finds what is wrong with a checkpoint that opens: configuration and weights that do not fit, values that are no numbers.
/// </summary>
internal static partial class CheckpointProblems
{
    private static readonly string[] NeededNumbers = ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size"];

    // Llama-like, DeBERTa and BERT, InternLM2.
    private static readonly string[] Embeddings = ["embed_tokens.weight", "word_embeddings.weight", "tok_embeddings.weight"];

    private static readonly string[] HeadWeights = ["score.weight", "classifier.weight", "classifier.out_proj.weight"];

    /// <summary>The problems, one sentence each.</summary>
    public static IReadOnlyList<string> Find(CheckpointDescription description, CancellationToken cancellationToken) =>
        [.. OfConfig(description), .. OfValues(description.Checkpoint, cancellationToken)];

    private static IEnumerable<string> OfConfig(CheckpointDescription description)
    {
        if (description.Config is not { } config)
            return description.Adapter is null ? ["There is no config.json beside the weights; download it from where they are from."] : [];

        var entries = description.Checkpoint.Entries;
        return
        [
            .. description.Architecture is null
                ? ["config.json names no architecture (\"architectures\": [\"...\"])."]
                : Array.Empty<string>(),
            .. NeededNumbers.Where(key => config.Number(key) is not > 0)
                .Select(key => $"config.json states no {key}, or one that is no positive whole number."),
            .. OfEmbedding(entries, config),
            .. OfLayers(entries, config),
            .. OfHead(entries, description),
        ];
    }

    private static IEnumerable<string> OfEmbedding(IReadOnlyList<TensorEntry> entries, SettingsFile config)
    {
        var embedding = entries.FirstOrDefault(entry =>
            entry.Shape.Count == 2 && Array.Exists(Embeddings, name => entry.Name.EndsWith(name, StringComparison.Ordinal)));
        if (embedding is null)
            yield break;
        if (config.Number("vocab_size") is { } tokens && embedding.Shape[0] != tokens)
            yield return $"{Printable.Of(embedding.Name)} has {embedding.Shape[0]} rows, and config.json says vocab_size {tokens}.";
        if (config.Number("embedding_size") is null && config.Number("hidden_size") is { } width && embedding.Shape[1] != width)
            yield return $"{Printable.Of(embedding.Name)} is {embedding.Shape[1]} wide, and config.json says hidden_size {width}.";
    }

    private static IEnumerable<string> OfLayers(IReadOnlyList<TensorEntry> entries, SettingsFile config)
    {
        var stored = entries.Select(entry => Layer().Match(entry.Name))
            .Where(match => match.Success).Select(match => match.Groups["layer"].Value).Distinct(StringComparer.Ordinal).Count();
        if (config.Number("num_hidden_layers") is { } layers && layers != stored)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"The files hold {stored} layers, and config.json says num_hidden_layers {layers}.");
        }
    }

    private static IEnumerable<string> OfHead(IReadOnlyList<TensorEntry> entries, CheckpointDescription description)
    {
        if (description.Architecture?.EndsWith("ForSequenceClassification", StringComparison.Ordinal) is not true)
            yield break;
        var head = entries.FirstOrDefault(entry => HeadWeights.Contains(entry.Name, StringComparer.Ordinal));
        if (head is null)
        {
            yield return $"The files hold no classifier head ({string.Join(", ", HeadWeights)}), and config.json says "
                + $"{description.Architecture}.";
        }
        else if (description.Labels.Count > 0 && head.Shape is [var rows, ..] && rows != description.Labels.Count)
        {
            yield return $"{head.Name} has {rows} rows, and config.json names {description.Labels.Count} labels.";
        }
    }

    private static IEnumerable<string> OfValues(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        foreach (var entry in checkpoint.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (checkpoint.CountNonFinite(entry.Name) is > 0 and var count)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Printable.Of(entry.Name)} in {entry.Path} holds {count:N0} values that are NaN or infinite.");
            }
        }
    }

    [GeneratedRegex(
        @"(^|\.)layers?\.(?<layer>\d+)\.", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Layer();
}
