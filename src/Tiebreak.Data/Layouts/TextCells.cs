using System.Text;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The three texts of a row whose cells are single texts. Either they are lists with one element per turn, as JSON or as Python writes
/// them, or plain texts of one turn. What two of them begin like decides for the row, because a plain text may well begin with a bracket,
/// and a list be damaged.
/// </summary>
internal static class TextCells
{
    /// <summary>Reads the cells of a row.</summary>
    /// <param name="prompt">The prompt; null for a missing value.</param>
    /// <param name="responseA">The response of A.</param>
    /// <param name="responseB">The response of B.</param>
    /// <param name="builder">Takes texts and problems.</param>
    /// <param name="expectsLists">
    /// True for the competition's columns: where two cells are empty the third decides, and plain texts are said once.
    /// </param>
    public static void Read(string? prompt, string? responseA, string? responseB, RowBuilder builder, bool expectsLists = false)
    {
        var (filled, lists) = (0, 0);
        foreach (var cell in (ReadOnlySpan<string?>)[prompt, responseA, responseB])
        {
            filled += string.IsNullOrWhiteSpace(cell) ? 0 : 1;
            lists += IsListLike(cell) ? 1 : 0;
        }

        if (lists >= 2 || (expectsLists && lists == 1 && filled == 1))
        {
            ReadList("prompt", prompt, builder.Prompts, builder);
            ReadList("response_a", responseA, builder.ResponsesA, builder);
            ReadList("response_b", responseB, builder.ResponsesB, builder);
            return;
        }

        if (expectsLists)
            builder.File.Note("texts", "texts that are no lists of turns were read as they stand, as one turn.");
        builder.Prompts.Add(prompt);
        builder.ResponsesA.Add(responseA);
        builder.ResponsesB.Add(responseB);
    }

    private static bool IsListLike(string? cell)
    {
        var text = cell.AsSpan().Trim();
        if (text.StartsWith("array(["))
            return true;
        if (!text.StartsWith("["))
            return false;
        text = text[1..].TrimStart();
        return text.IsEmpty || text[0] is '"' or '\'' or ']' || text.StartsWith("null") || text.StartsWith("None");
    }

    /// <summary>A cell that is no list is kept as it stands, as the text of a single turn, except in training data.</summary>
    private static void ReadList(string name, string? cell, List<string?> texts, RowBuilder builder)
    {
        if (JsonTextList.TryRead(Encoding.UTF8.GetBytes(cell ?? ""), texts, out var reason))
            return;

        texts.Clear();
        if (cell is not null && CellValue.List(cell) is { } list && list.TrueForAll(item => item is null or string))
        {
            texts.AddRange(list.Cast<string?>());
            return;
        }

        builder.ReportIfFirst($"has a {name} that is not a JSON list of texts ({reason})");
        if (builder.Purpose != BattlePurpose.Train)
            texts.Add(string.IsNullOrEmpty(cell) ? null : cell);
    }
}
