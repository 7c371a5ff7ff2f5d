using System.Text;
using System.Text.Json.Serialization;

namespace Tiebreak.Data;

/// <summary>What is wrong with one row of a file.</summary>
/// <param name="File">The file, as it was named by the caller.</param>
/// <param name="Line">The line on which the row starts; the first line of a file is 1.</param>
/// <param name="Id">The id of the row, where it could be read.</param>
/// <param name="Reason">What is wrong, continuing "the row ...": <c>has no label</c>.</param>
public sealed record RowProblem(string File, long Line, string? Id, string Reason)
{
    /// <summary>False for a file without lines (Parquet): <see cref="Line"/> is then the number of the row, from 1.</summary>
    [JsonIgnore]
    public bool HasLines { get; init; } = true;

    /// <summary>The winner of the row, where that is no known word.</summary>
    [JsonIgnore]
    internal string? UnknownWinner { get; init; }

    /// <summary>False where the row is not lost by it: it is read all the same, or no fault of the file.</summary>
    [JsonIgnore]
    internal bool LosesRow { get; init; } = true;

    /// <summary>The reason without what is particular to the row: equal for faults of one kind.</summary>
    [JsonIgnore]
    internal string Kind => WithoutParticulars(Reason);

    /// <summary>One sentence: <c>train.csv, line 17: the row with id 42 has no label.</c></summary>
    public override string ToString() =>
        $"{File}, {(HasLines ? "line" : "row")} {Line}: the row{(Id is null ? "" : $" with id {Id}")} {Reason}.";

    /// <summary>A sentence without digits, and without what stands in quotes or parentheses.</summary>
    private static string WithoutParticulars(string sentence)
    {
        var kind = new StringBuilder(sentence.Length);
        var (isQuoted, depth) = (false, 0);
        foreach (var c in sentence)
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && c is '(' or ')')
                depth += c == '(' ? 1 : -1;
            else if (!isQuoted && depth <= 0 && !char.IsAsciiDigit(c))
                kind.Append(c);
        }

        return kind.ToString();
    }
}
