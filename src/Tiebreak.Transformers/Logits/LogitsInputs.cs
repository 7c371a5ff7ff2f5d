using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Logits;

/// <summary>A file of inputs for logits: batches of padded token ids with masks, and perhaps the tokens of answers.</summary>
/// <param name="Batches">The batches, in order.</param>
/// <param name="LabelTokens">Tokens of answers; empty where the file names none.</param>
internal sealed record LogitsInputs(IReadOnlyList<LogitsBatch> Batches, IReadOnlyList<LabelToken> LabelTokens)
{
    /// <exception cref="InputException">The file is missing or has another layout.</exception>
    public static LogitsInputs Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path} is not there; `inputs` wants a JSON file with batches of token ids.")
            {
                Parameters = ["inputs"],
            };
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var labels = root.TryGetProperty("label_token_ids", out var tokens)
                ? tokens.EnumerateObject().Select(label => new LabelToken(label.Name, label.Value.GetInt32()))
                : [];
            return new LogitsInputs(
                [.. root.GetProperty("batches").EnumerateArray().Select((batch, i) => Batch(batch, i, path))], [.. labels]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new InputException(
                $"{path} has another layout than batches[] of {{name, input_ids[][], attention_mask[][], perhaps token_type_ids[][]}}, "
                    + $"perhaps with label_token_ids{{}}: {exception.Message}",
                exception);
        }
    }

    private static LogitsBatch Batch(JsonElement batch, int index, string path)
    {
        var name = batch.TryGetProperty("name", out var given) ? given.GetString()! : $"{index}";
        var (ids, masks) = (Numbers(batch.GetProperty("input_ids")), Numbers(batch.GetProperty("attention_mask")));
        var types = batch.TryGetProperty("token_type_ids", out var written) ? Numbers(written) : null;
        if (types is not null && !types.Select(row => row.Length).SequenceEqual(ids.Select(row => row.Length)))
            throw new InputException($"{path}, batch {name}: token_type_ids must have a number for each of input_ids.");
        if (ids.Length == 0 || ids.Length != masks.Length)
        {
            throw new InputException($"{path}, batch {name}: input_ids has {ids.Length} rows and attention_mask {masks.Length}; "
                + "there must be as many, and at least one.");
        }

        var rows = new List<TokenSequence>(ids.Length);
        var before = new List<int>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            var (first, last) = (Array.IndexOf(masks[i], 1), Array.LastIndexOf(masks[i], 1));
            if (masks[i].Length != ids[i].Length || ids[i].Length != ids[0].Length)
                throw new InputException($"{path}, batch {name}, row {i}: every row and its mask must have the same length.");
            if (first < 0 || masks[i].AsSpan(first, last + 1 - first).Contains(0))
            {
                throw new InputException(
                    $"{path}, batch {name}, row {i}: the mask must be one run of 1, with zeros on the padded side alone.");
            }

            rows.Add(new TokenSequence($"{name}/{i}", ids[i][first..(last + 1)]) { Types = types?[i][first..(last + 1)] });
            before.Add(first);
        }

        return new LogitsBatch(name, rows, before, ids[0].Length);
    }

    private static int[][] Numbers(JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetInt32()).ToArray())];
}

/// <summary>A padded batch out of an input file, without its padding.</summary>
/// <param name="Name">What the file calls it.</param>
/// <param name="Rows">The sequences.</param>
/// <param name="Before">How many pads stood before each.</param>
/// <param name="PaddedLength">Tokens of a row with its padding.</param>
internal sealed record LogitsBatch(string Name, IReadOnlyList<TokenSequence> Rows, IReadOnlyList<int> Before, int PaddedLength);
