using System.Globalization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Submissions;

/// <summary>One check of a submission: collects every problem.</summary>
internal sealed class SubmissionCheck(SubmissionTable table, List<string> testIds)
{
    private const int MostIdsShown = 5;

    // Fewer rows may well have one answer.
    private const int LeastRowsForSingleClass = 10;

    private readonly List<SubmissionProblem> _problems = [];
    private readonly SubmissionColumns _columns = new(table.Header);
    private readonly List<Preference> _valid = [];

    public SubmissionReport Run()
    {
        _problems.AddRange(_columns.Problems());
        if (table.Rows.Count != testIds.Count)
            Add(SubmissionProblemKind.RowCount, null, $"the file has {table.Rows.Count} rows, the test data {testIds.Count}");
        if (_columns.Id >= 0)
            CheckIds();
        foreach (var (line, cells) in table.Rows)
        {
            if (cells.Length == _columns.Count)
                CheckProbabilities(line, cells);
            else
                Add(SubmissionProblemKind.FieldCount, line, $"the row has {cells.Length} fields where the header has {_columns.Count}");
        }

        CheckWhole();
        return new SubmissionReport(table.Rows.Count, testIds.Count, _problems);
    }

    private void CheckIds()
    {
        var missing = testIds.ToHashSet(StringComparer.Ordinal);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (line, cells) in table.Rows)
        {
            var id = cells.ElementAtOrDefault(_columns.Id) ?? "";
            if (!seen.TryAdd(id, line))
                Add(SubmissionProblemKind.DuplicateId, line, $"the id {id} stands already on line {seen[id]}");
            else if (!missing.Remove(id))
                Add(SubmissionProblemKind.UnknownId, line, UnknownId(id, missing));
        }

        if (missing.Count > 0)
        {
            var first = string.Join(", ", testIds.Where(missing.Contains).Take(MostIdsShown));
            Add(
                SubmissionProblemKind.MissingId,
                null,
                $"{missing.Count} {(missing.Count == 1 ? "id" : "ids")} of the test data {(missing.Count == 1 ? "has" : "have")} no row: "
                    + $"{first}{(missing.Count > MostIdsShown ? ", ..." : "")}");
        }
    }

    private static string UnknownId(string id, HashSet<string> missing) =>
        missing.Contains(SubmissionNumber.WithoutDecimals(id))
            ? $"the id {id} is written as a decimal number; the test data has {SubmissionNumber.WithoutDecimals(id)}"
            : id.Length == 0 ? "the row has no id" : $"the test data has no id {id}";

    private void CheckProbabilities(long line, string[] cells)
    {
        Span<double> values = [double.NaN, double.NaN, double.NaN];
        for (var i = 0; i < values.Length; i++)
        {
            var position = _columns.Probabilities[i];
            if (position < 0)
                continue;

            values[i] = SubmissionNumber.Parse(cells[position]);
            if (double.IsNaN(values[i]))
            {
                Add(
                    SubmissionProblemKind.NotANumber, line, $"{table.Header[position]} is "
                        + $"{(cells[position].Length == 0 ? "empty" : $"\"{cells[position]}\", which is no number")}");
            }
            else if (values[i] is < 0 or > 1)
            {
                Add(
                    SubmissionProblemKind.OutOfRange,
                    line,
                    $"{table.Header[position]} is {cells[position]}, which is {(values[i] < 0 ? "below 0" : "above 1")}");
            }
        }

        var sum = values[0] + values[1] + values[2];
        if (double.IsNaN(sum) || values.ContainsAnyExceptInRange(0, 1))
            return;
        if (sum == 0)
        {
            Add(SubmissionProblemKind.OutOfRange, line, "all three probabilities are 0");
        }
        else if (Math.Abs(sum - 1) > Preference.SumTolerance)
        {
            Add(
                SubmissionProblemKind.Sum,
                line,
                string.Create(CultureInfo.InvariantCulture, $"the probabilities sum to {sum:0.######}; the metric rescales them to 1"));
        }

        _valid.Add(new Preference(values[0], values[1], values[2]));
    }

    private void CheckWhole()
    {
        var zeros = _valid.Count(row => row.A == 0 || row.B == 0 || row.Tie == 0);
        if (zeros > 0)
        {
            Add(
                SubmissionProblemKind.ZeroProbability,
                null,
                $"{zeros} rows give an outcome the probability 0; one such row that is wrong costs about 36 divided by the number of rows");
        }

        if (_valid.Count > 1 && _valid.TrueForAll(row => row == _valid[0]))
        {
            Add(SubmissionProblemKind.IdenticalRows, null, "all rows hold the same probabilities");
        }
        else if (_valid.Count >= LeastRowsForSingleClass && _valid.TrueForAll(row => row.Top == _valid[0].Top))
        {
            Add(
                SubmissionProblemKind.SingleClass,
                null,
                $"{_valid[0].Top} is the most probable outcome of every row; the model behind it may have collapsed");
        }
    }

    private void Add(SubmissionProblemKind kind, long? line, string message) => _problems.Add(new SubmissionProblem(kind, line, message));
}

/// <summary>Something that is wrong with a submission.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line in the file (the header is 1), or null where the file as a whole is meant.</param>
/// <param name="Message">One sentence.</param>
public sealed record SubmissionProblem(SubmissionProblemKind Kind, long? Line, string Message)
{
    /// <summary>True if the file would be accepted all the same.</summary>
    public bool IsWarning => Kind >= SubmissionProblemKind.Sum;

    /// <summary>The message with its place.</summary>
    public override string ToString() => Line is null ? Message : $"line {Line}: {Message}";
}

/// <summary>What a check of a submission found.</summary>
/// <param name="Rows">Rows of the submission.</param>
/// <param name="TestRows">Rows of the test data.</param>
/// <param name="Problems">
/// Everything found: first what concerns the file, then row by row, then the warnings about the file as a whole.
/// </param>
public sealed record SubmissionReport(int Rows, int TestRows, IReadOnlyList<SubmissionProblem> Problems)
{
    /// <summary>True if there is nothing but warnings.</summary>
    public bool IsValid => Problems.All(problem => problem.IsWarning);
}
