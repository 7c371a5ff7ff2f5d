using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>One check of a submission: collects every problem, those of many rows as one.</summary>
internal sealed class SubmissionCheck
{
    // Fewer rows may well have one answer.
    private const int LeastRowsForSingleClass = 10;

    private readonly CsvTable _table;
    private readonly List<string> _testIds;
    private readonly SubmissionColumns _columns;
    private readonly ProblemCollection _problems = new();
    private readonly List<Preference> _valid = [];

    public SubmissionCheck(CsvTable table, List<string> testIds) =>
        (_table, _testIds, _columns) = (table, testIds, new SubmissionColumns(table));

    public SubmissionReport Run()
    {
        foreach (var problem in _columns.Problems())
            _problems.Add(problem);
        var numbers = new SubmissionNumbers(_table, _columns);
        CheckSpelling(numbers);
        if (_table.Rows.Count != _testIds.Count)
        {
            _problems.Add(
                SubmissionProblemKind.RowCount, $"the file has {Quantity.Of(_table.Rows.Count, "row")}, the test data {_testIds.Count:N0}");
        }

        if (_columns.Id >= 0)
            CheckIds();
        foreach (var (line, cells) in _table.Rows)
        {
            if (cells.Length != _columns.Count)
            {
                _problems.Add(
                    SubmissionProblemKind.FieldCount, "rows have more or fewer fields than the header", line, $"{cells.Length} fields",
                    $"the row has {Quantity.Of(cells.Length, "field")} where the header has {_columns.Count}");
            }
            else if (_columns.HoldsWinners)
            {
                CheckWinner(line, cells[_columns.Predictions[0]]);
            }
            else
            {
                CheckNumbers(line, cells, numbers);
            }
        }

        CheckWhole();
        return new SubmissionReport(_table.Rows.Count, _testIds.Count, _problems.ToList()) { HoldsWinners = _columns.HoldsWinners };
    }

    private void CheckSpelling(SubmissionNumbers numbers)
    {
        if (numbers.Spelling is [_, ..] spelling)
        {
            _problems.Add(
                SubmissionProblemKind.Notation,
                $"the file has {string.Join(" and ", spelling)}; the rows of a submission look like 136060,0.5,0.2,0.3");
        }

        if (!_columns.HoldsWinners && numbers.Look is { } look)
            _problems.Add(SubmissionProblemKind.NotProbabilities, $"the numbers {look}");
    }

    private void CheckIds()
    {
        var missing = _testIds.ToHashSet(StringComparer.Ordinal);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (line, cells) in _table.Rows)
        {
            var id = cells.ElementAtOrDefault(_columns.Id) ?? "";
            if (!seen.TryAdd(id, line))
            {
                _problems.Add(
                    SubmissionProblemKind.DuplicateId, "rows have an id that stands on an earlier line", line, id,
                    $"the id {id} stands already on line {seen[id]}");
            }
            else if (!missing.Remove(id))
            {
                AddUnknownId(line, id, missing);
            }
        }

        if (missing.Count > 0)
        {
            _problems.Add(
                SubmissionProblemKind.MissingId,
                $"{Quantity.Of(missing.Count, "id of the test data has", "ids of the test data have")} no row: "
                    + Examples.Of([.. _testIds.Where(missing.Contains)]));
        }
    }

    private void AddUnknownId(long line, string id, HashSet<string> missing)
    {
        var whole = IdComparer.Canonical(id).ToString();
        if (missing.Contains(whole))
        {
            _problems.Add(
                SubmissionProblemKind.UnknownId, "ids are written as decimal numbers, which the test data's are not", line, id,
                $"the id {id} is written as a decimal number; the test data has {whole}");
        }
        else if (id.Length == 0)
        {
            _problems.Add(SubmissionProblemKind.UnknownId, "rows have no id", line, "no id", "the row has no id");
        }
        else
        {
            _problems.Add(
                SubmissionProblemKind.UnknownId, "rows have an id that the test data does not have", line, id,
                $"the test data has no id {id}");
        }
    }

    private void CheckWinner(long line, string winner)
    {
        if (!WinnerForm.IsValid(winner))
        {
            _problems.Add(
                SubmissionProblemKind.Winner, "rows have a winner that is neither model_a nor model_b", line, $"\"{winner}\"",
                $"the winner is {(winner.Length == 0 ? "missing" : $"\"{winner}\"")} and must be model_a or model_b");
        }
    }

    private void CheckNumbers(long line, string[] cells, SubmissionNumbers numbers)
    {
        var (a, b, tie) = numbers.Of(cells);
        Span<double> values = [a, b, tie];
        for (var i = 0; i < values.Length; i++)
        {
            if (_columns.Predictions[i] is >= 0 and var position)
                CheckCell(line, _table.Header[position].Trim(), cells[position], values[i], numbers.Kind is NumberKind.Probabilities);
        }

        var sum = a + b + tie;
        if (double.IsNaN(sum) || values.ContainsAnyExceptInRange(0, 1))
            return;
        if (sum == 0)
        {
            _problems.Add(
                SubmissionProblemKind.OutOfRange, "rows hold nothing but 0", line, "0, 0, 0", "all three probabilities are 0");
        }
        else if (Math.Abs(sum - 1) > Preference.SumTolerance)
        {
            var text = sum.ToString("0.######", CultureInfo.InvariantCulture);
            _problems.Add(
                SubmissionProblemKind.Sum, "rows have probabilities that do not sum to 1, so that the metric rescales them", line, text,
                $"the probabilities sum to {text}; the metric rescales them to 1");
        }

        _valid.Add(new Preference(a, b, tie));
    }

    private void CheckCell(long line, string column, string cell, double value, bool isProbability)
    {
        if (double.IsNaN(value))
        {
            _problems.Add(
                SubmissionProblemKind.NotANumber, "cells hold no number", line, $"{column} \"{cell}\"",
                $"{column} is {(cell.Length == 0 ? "empty" : $"\"{cell}\", which is no number")}");
        }
        else if (isProbability && value is < 0 or > 1)
        {
            _problems.Add(
                SubmissionProblemKind.OutOfRange, "numbers are below 0 or above 1", line, $"{column} {cell}",
                $"{column} is {cell}, which is {(value < 0 ? "below 0" : "above 1")}");
        }
    }

    private void CheckWhole()
    {
        var zeros = _valid.Count(row => row.A == 0 || row.B == 0 || row.Tie == 0);
        if (zeros > 0)
        {
            _problems.Add(
                SubmissionProblemKind.ZeroProbability,
                $"{Quantity.Of(zeros, "row gives", "rows give")} an outcome the probability 0; one such row that is wrong costs about 36 "
                    + "divided by the number of rows");
        }

        if (_valid.Count > 1 && _valid.TrueForAll(row => row == _valid[0]))
        {
            _problems.Add(SubmissionProblemKind.IdenticalRows, "all rows hold the same probabilities");
        }
        else if (_valid.Count >= LeastRowsForSingleClass && _valid.TrueForAll(row => row.Top == _valid[0].Top))
        {
            _problems.Add(
                SubmissionProblemKind.SingleClass,
                $"{_valid[0].Top} is the most probable outcome of every row; the model behind it may have collapsed");
        }
    }
}

/// <summary>Something that is wrong with a submission.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line in the file (the header is 1), or null where the file as a whole or many rows are meant.</param>
/// <param name="Message">One sentence.</param>
public sealed record SubmissionProblem(SubmissionProblemKind Kind, long? Line, string Message)
{
    /// <summary>How often it occurs.</summary>
    public int Count { get; init; } = 1;

    /// <summary>True if the file would be accepted all the same.</summary>
    public bool IsWarning => Kind >= SubmissionProblemKind.Sum;

    /// <summary>The message with its place.</summary>
    public override string ToString() => Line is null ? Message : $"line {Line}: {Message}";
}

/// <summary>What a check of a submission found.</summary>
/// <param name="Rows">Rows of the submission.</param>
/// <param name="TestRows">Rows of the test data.</param>
/// <param name="Problems">
/// Everything found: first what concerns the file, then what concerns rows, then the warnings about the file as a whole. Where more than
/// five rows have the same problem, they are one problem that names the first five.
/// </param>
public sealed record SubmissionReport(int Rows, int TestRows, IReadOnlyList<SubmissionProblem> Problems)
{
    /// <summary>True for the WSDM Cup's form, <c>id,winner</c>.</summary>
    public bool HoldsWinners { get; init; }

    /// <summary>True if there is nothing but warnings.</summary>
    public bool IsValid => Problems.All(problem => problem.IsWarning);
}
