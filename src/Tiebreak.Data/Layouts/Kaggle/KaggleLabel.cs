using System.Text;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>The label of a row: three columns of which exactly one is 1.</summary>
internal static class KaggleLabel
{
    private static readonly Verdict[] Verdicts = [Verdict.A, Verdict.B, Verdict.Tie];

    /// <summary>The verdict, or null for a row without one: all three cells empty, or a problem that is reported.</summary>
    public static Verdict? Read(ReadOnlySpan<byte> text, CsvField[] fields, int[] winners, RowBuilder builder)
    {
        Verdict? verdict = null;
        var (ones, empty) = (0, 0);
        for (var i = 0; i < winners.Length; i++)
        {
            var cell = fields[winners[i]].Raw(text).Trim(" \t"u8);
            if (cell.IsEmpty || Ascii.EqualsIgnoreCase(cell, "nan"))
            {
                empty++;
                continue;
            }

            if (IsOne(cell))
            {
                verdict = Verdicts[i];
                ones++;
            }
            else if (!IsOneOf(cell, "0", "0.0", "0,0", "false"))
            {
                builder.Report($"has the unknown {KaggleHeader.Winners[i]} \"{fields[winners[i]].Text(text)}\", which should be 0 or 1");
                return null;
            }
        }

        if (empty == winners.Length || (empty == 0 && ones == 1))
            return verdict;

        builder.Report(empty > 0
            ? "has a label of which a part is empty"
            : $"has {(ones == 0 ? "no" : ones)} winner columns that are 1 (exactly one of "
                + $"{string.Join(", ", KaggleHeader.Winners)} must be)");
        return null;
    }

    /// <summary>Whether a cell says that its outcome is the one, as programs write it.</summary>
    public static bool IsOne(ReadOnlySpan<byte> cell) => IsOneOf(cell, "1", "1.0", "1,0", "true");

    private static bool IsOneOf(ReadOnlySpan<byte> cell, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Ascii.EqualsIgnoreCase(cell, word))
                return true;
        }

        return false;
    }
}
