using Tiebreak.Data.Layouts.Kaggle;

namespace Tiebreak.Data.Submissions;

/// <summary>Where a submission has its four columns, also where their names are written in another case.</summary>
internal sealed class SubmissionColumns
{
    private readonly List<string> _header;
    private readonly int[] _positions;

    public SubmissionColumns(List<string> header)
    {
        _header = header;
        _positions = [.. KaggleHeader.Submission.Select(name =>
            header.FindIndex(cell => string.Equals(cell, name, StringComparison.OrdinalIgnoreCase)))];
    }

    private SubmissionColumns(List<string> header, int[] positions) => (_header, _positions) = (header, positions);

    /// <summary>Columns by their order, for a file that has lost its header.</summary>
    public static SubmissionColumns InOrder { get; } = new([.. KaggleHeader.Submission], [0, 1, 2, 3]);

    /// <summary>The position of the ids.</summary>
    public int Id => _positions[0];

    /// <summary>The positions of the probabilities in label order.</summary>
    public ReadOnlySpan<int> Probabilities => _positions.AsSpan(1);

    /// <summary>Columns in the file.</summary>
    public int Count => _header.Count;

    public IEnumerable<string> Missing => KaggleHeader.Submission.Where((_, i) => _positions[i] < 0);

    /// <summary>The columns that do not belong into a submission.</summary>
    public IEnumerable<string> Extra => _header.Where((_, i) => !_positions.Contains(i));

    /// <summary>Whether a superfluous column is what a data frame's index becomes.</summary>
    public static bool IsIndex(string name) =>
        name.Length == 0 || name.StartsWith("Unnamed:", StringComparison.Ordinal) || name is "index" or "level_0";

    /// <summary>What is wrong with the header, each as one problem.</summary>
    public IEnumerable<SubmissionProblem> Problems()
    {
        var expected = string.Join(',', KaggleHeader.Submission);
        foreach (var name in Extra)
        {
            yield return IsIndex(name)
                ? new(SubmissionProblemKind.IndexColumn, 1, $"the column \"{name}\" is a data frame's index; write the file without it")
                : new(SubmissionProblemKind.Header, 1, $"the column \"{name}\" does not belong into a submission");
        }

        foreach (var name in Missing)
            yield return new(SubmissionProblemKind.Header, 1, $"the column {name} is missing; the header must be {expected}");

        var found = _header.Where((_, i) => _positions.Contains(i)).ToList();
        if (!Missing.Any() && !found.SequenceEqual(KaggleHeader.Submission, StringComparer.Ordinal))
        {
            yield return new(
                SubmissionProblemKind.Header, 1, $"the header is {string.Join(',', found)} but must be {expected}, in this order and case");
        }
    }
}
