using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>
/// Where a submission has its columns, also where their names are written in another case or with blanks around them. It has three columns
/// of probabilities or, in the WSDM Cup's form, one with the winner.
/// </summary>
internal sealed class SubmissionColumns
{
    private readonly List<string> _header;
    private readonly IReadOnlyList<string> _expected;
    private readonly int[] _positions;

    public SubmissionColumns(CsvTable table)
    {
        _header = table.Header;
        HoldsWinners = Position(WinnerForm.Column) >= 0 && KaggleHeader.Winners.All(name => Position(name) < 0);
        _expected = HoldsWinners ? WinnerForm.Header : KaggleHeader.Submission;
        _positions = [.. _expected.Select(Position)];
    }

    private SubmissionColumns() =>
        (_header, _expected, _positions) = ([.. KaggleHeader.Submission], KaggleHeader.Submission, [0, 1, 2, 3]);

    /// <summary>Columns by their order, for a file that has lost its header.</summary>
    public static SubmissionColumns InOrder { get; } = new();

    /// <summary>True for <c>id,winner</c>.</summary>
    public bool HoldsWinners { get; }

    /// <summary>The position of the ids.</summary>
    public int Id => _positions[0];

    /// <summary>The positions of the probabilities in label order, or of the winner.</summary>
    public ReadOnlySpan<int> Predictions => _positions.AsSpan(1);

    /// <summary>Columns in the file.</summary>
    public int Count => _header.Count;

    public IEnumerable<string> Missing => _expected.Where((_, i) => _positions[i] < 0);

    /// <summary>The columns that do not belong into a submission.</summary>
    public IEnumerable<string> Extra => _header.Where((_, i) => !_positions.Contains(i)).Select(name => name.Trim());

    /// <summary>Whether a superfluous column is what a data frame's index becomes.</summary>
    public static bool IsIndex(string name) =>
        name.Length == 0 || name.StartsWith("Unnamed:", StringComparison.Ordinal) || name is "index" or "level_0";

    /// <summary>What is wrong with the header, each as one problem.</summary>
    public IEnumerable<SubmissionProblem> Problems()
    {
        var expected = string.Join(',', _expected);
        foreach (var name in Extra)
        {
            yield return IsIndex(name)
                ? new(SubmissionProblemKind.IndexColumn, 1, $"the column \"{name}\" is a data frame's index; write the file without it")
                : new(SubmissionProblemKind.Header, 1, $"the column \"{name}\" does not belong into a submission");
        }

        foreach (var name in Missing)
            yield return new(SubmissionProblemKind.Header, 1, $"the column {name} is missing; the header must be {expected}");

        var found = _header.Where((_, i) => _positions.Contains(i)).ToList();
        if (Missing.Any() || found.SequenceEqual(_expected, StringComparer.Ordinal))
            yield break;
        yield return found.Find(name => name.Length != name.Trim().Length) is { } padded
            ? new(SubmissionProblemKind.Header, 1, $"the column name \"{padded}\" has a blank beside it; the header must be {expected}")
            : new(
                SubmissionProblemKind.Header, 1, $"the header is {string.Join(',', found)} but must be {expected}, in this order and case");
    }

    /// <summary>The three numbers of a row; NaN where the row or the cell holds none.</summary>
    public NumberRow Numbers(string[] cells, NumberNotation notation)
    {
        double At(int column) =>
            column < _positions.Length && _positions[column] is >= 0 and var position && position < cells.Length
                ? notation.Parse(cells[position])
                : double.NaN;
        return new NumberRow(At(1), At(2), At(3));
    }

    private int Position(string name) =>
        _header.FindIndex(cell => cell.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
}
