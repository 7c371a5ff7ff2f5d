using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>
/// A file of preferences as evaluations read it: columns by name in any order, others beside them, and only some of the battles. What
/// cannot be a preference is refused, never guessed. Where it is said to be all right, bare verdicts (<c>id,winner</c>) are read as
/// certainties.
/// </summary>
internal sealed class PredictionFile
{
    // Half-precision numbers sum to 1 within 0.002; what is farther off was never rescaled.
    private const double MostOff = 0.01;
    private const double WorthSaying = 1e-3;

    private readonly List<SubmissionRow> _rows = [];
    private readonly List<string> _remarks = [];

    private PredictionFile()
    {
    }

    /// <summary>The rows that hold a preference, in the order of the file.</summary>
    public IReadOnlyList<SubmissionRow> Rows => _rows;

    /// <summary>True where the file says who wins, and not how probable that is.</summary>
    public bool HoldsVerdicts { get; private init; }

    /// <summary>What was understood otherwise than it is written, or left out; one sentence each.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">How its numbers become probabilities.</param>
    /// <param name="takesVerdicts">True if bare verdicts will do.</param>
    /// <exception cref="InputException">The file cannot be read, or a row is not right; the message names the first one.</exception>
    public static PredictionFile Read(string path, SubmissionScale scale = SubmissionScale.None, bool takesVerdicts = false)
    {
        var table = CsvTable.Read(path);
        var columns = new SubmissionColumns(table);
        if (columns.HoldsWinners && takesVerdicts)
            return OfVerdicts(path, table, columns);
        if (columns.HoldsWinners)
        {
            throw new InputException(
                $"{path} says who wins ({string.Join(',', WinnerForm.Header)}) and not how probable that is. Give a file with the columns "
                + $"{string.Join(", ", KaggleHeader.Submission)}.");
        }

        if (columns.Missing.FirstOrDefault() is { } missing)
        {
            throw new InputException($"{path}, line 1: the column {missing} is missing. Needed are "
                + $"{string.Join(", ", KaggleHeader.Submission)}, in any order; the file has {ColumnNames.List(table.Header)}.");
        }

        var numbers = new SubmissionNumbers(table, columns, scale);
        if (numbers.NeedScale)
        {
            var fitting = numbers.FittingScale is SubmissionScale.Softmax ? "softmax" : "division";
            throw new InputException($"The numbers of {path} {numbers.Look}. Say how they become probabilities: `scale` {fitting}.")
            {
                Parameters = ["scale"],
            };
        }

        var file = new PredictionFile();
        file.AddRows(path, table, columns, numbers);
        return file;
    }

    private static PredictionFile OfVerdicts(string path, CsvTable table, SubmissionColumns columns)
    {
        if (columns.Missing.Any())
            throw new InputException($"{path}, line 1: the column id is missing. The file has {ColumnNames.List(table.Header)}.");

        var file = new PredictionFile { HoldsVerdicts = true };
        var (seen, wrong, empty) = (new Dictionary<string, long>(IdComparer.Instance), new List<string>(), 0);
        foreach (var (line, cells) in table.Rows)
        {
            var (id, word) = (cells.ElementAtOrDefault(columns.Id) ?? "", cells.ElementAtOrDefault(columns.Predictions[0]));
            if (id.Length == 0)
                wrong.Add($"line {line}: the row has no id");
            else if (!VerdictText.TryParse(word, words: null, modelA: null, modelB: null, out var verdict))
                wrong.Add($"line {line}: the row {VerdictText.Unknown(word!)}");
            else if (!seen.TryAdd(id, line))
                wrong.Add($"line {line}: the id {id} stands already on line {seen[id]}");
            else if (verdict is { } known)
                file._rows.Add(new SubmissionRow(id, Preference.Certain(known.ToOutcome())));
            else
                empty++;
        }

        file.Finish(path, wrong, empty, "empty");
        return file;
    }

    private void AddRows(string path, CsvTable table, SubmissionColumns columns, SubmissionNumbers numbers)
    {
        var seen = new Dictionary<string, long>(IdComparer.Instance);
        var (wrong, empty, rescaled) = (new List<string>(), 0, 0);
        foreach (var (line, cells) in table.Rows)
        {
            var (id, row) = (cells.ElementAtOrDefault(columns.Id) ?? "", numbers.Of(cells));
            if (WrongAt(id, row, cells.Length == columns.Count, numbers) is { } reason)
            {
                wrong.Add($"line {line}: {reason}");
            }
            else if (!seen.TryAdd(id, line))
            {
                wrong.Add($"line {line}: the id {id} stands already on line {seen[id]}");
            }
            else if (row.IsEmpty)
            {
                empty++;
            }
            else
            {
                rescaled += Math.Abs(row.Sum - 1) > WorthSaying ? 1 : 0;
                _rows.Add(new SubmissionRow(id, numbers.ToPreference(row)!.Value));
            }
        }

        Finish(path, wrong, empty, "empty, or 0, 0, 0");
        if (numbers.Spelling is [_, ..] spelling)
            _remarks.Add($"{path} was read with {string.Join(" and ", spelling)}.");
        if (numbers.Kind is NumberKind.Percentages)
            _remarks.Add($"The numbers of {path} sum to 100 and were taken for percentages.");
        else if (numbers.Kind is NumberKind.Probabilities && rescaled > 0)
            _remarks.Add($"The probabilities of {Quantity.Of(rescaled, "row")} of {path} were rescaled to sum 1.");
    }

    private void Finish(string path, List<string> wrong, int empty, string whatEmptyIs)
    {
        if (wrong.Count > 0)
        {
            var more = wrong.Count > 1 ? $" ({Quantity.Of(wrong.Count - 1, "more row is", "more rows are")} wrong)" : "";
            throw new InputException($"{path}, {wrong[0]}{more}. Write the predictions again, or leave such rows out.");
        }

        if (_rows.Count == 0)
            throw new InputException($"{path} holds no predictions{(empty > 0 ? ": all its rows are empty or 0" : "")}.");
        if (empty > 0)
            _remarks.Add($"{Quantity.Of(empty, "row")} of {path} {(empty == 1 ? "holds" : "hold")} no prediction ({whatEmptyIs}).");
    }

    private static string? WrongAt(string id, NumberRow row, bool isWhole, SubmissionNumbers numbers)
    {
        if (!isWhole)
            return "the row has more or fewer fields than the header";
        if (id.Length == 0)
            return "the row has no id";
        if (row.IsEmpty)
            return null;
        if (!double.IsFinite(row.Sum))
            return "a probability is missing or no number";
        if (numbers.ToPreference(row) is null)
            return "a probability is below 0";
        return numbers.Kind is NumberKind.Probabilities && Math.Abs(row.Sum - 1) > MostOff
            ? $"the probabilities sum to {row.Sum.ToString("0.######", CultureInfo.InvariantCulture)}"
            : null;
    }
}
