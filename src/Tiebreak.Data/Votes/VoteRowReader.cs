using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Votes;

/// <summary>Makes a vote of the cells of a row.</summary>
internal ref struct VoteRowReader
{
    private const double LargestSeconds = 1e11;

    private readonly VoteBlock _block;
    private readonly Span<int> _kept;
    private int _modelA = -1;
    private int _modelB = -1;
    private int _judge = -1;
    private int _language = -1;
    private int _turn;
    private double _weight = 1;
    private Verdict? _verdict;
    private DateTimeOffset _timestamp = DateTimeOffset.MinValue;

    /// <param name="block">Where the row goes.</param>
    /// <param name="kept">Room for one number per column that is kept.</param>
    public VoteRowReader(VoteBlock block, Span<int> kept)
    {
        _block = block;
        _kept = kept;
        kept.Fill(-1);
    }

    /// <summary>What is wrong with the row, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes a cell.</summary>
    public void Take(VoteColumn column, ReadOnlySpan<byte> cell)
    {
        cell = Trimmed(cell);
        if (cell.IsEmpty || column == VoteColumn.Other)
            return;

        switch (column)
        {
            case VoteColumn.ModelA: _modelA = Number(_block.Models, cell); break;
            case VoteColumn.ModelB: _modelB = Number(_block.Models, cell); break;
            case VoteColumn.Judge: _judge = Number(_block.Judges, cell); break;
            case VoteColumn.Language: _language = Number(_block.Languages, cell); break;
            case VoteColumn.Winner: TakeWinner(cell); break;
            case VoteColumn.Turn when Utf8Parser.TryParse(cell, out int turn, out var used) && used == cell.Length: _turn = turn; break;
            case VoteColumn.Weight when Utf8Parser.TryParse(cell, out double weight, out var used) && used == cell.Length && weight >= 0
                && double.IsFinite(weight):
                _weight = weight;
                break;
            case VoteColumn.Timestamp: TakeTime(cell); break;
            default:
                Report($"has the {(column == VoteColumn.Turn ? "turn" : "weight")} \"{Encoding.UTF8.GetString(cell)}\", "
                    + $"which is no {(column == VoteColumn.Turn ? "whole number" : "number from 0 on")}");
                break;
        }
    }

    /// <summary>Takes a cell of a further column.</summary>
    /// <param name="column">Its place among the columns that are kept.</param>
    /// <param name="cell">The cell.</param>
    public void Keep(int column, ReadOnlySpan<byte> cell)
    {
        cell = Trimmed(cell);
        if (!cell.IsEmpty)
            _kept[column] = Number(_block.Kept[column], cell);
    }

    /// <summary>Notes what is wrong; the first fault counts.</summary>
    public void Report(string reason) => Problem ??= reason;

    /// <summary>Ends the row.</summary>
    public void Finish(string path, long line)
    {
        if (_modelA < 0 || _modelB < 0)
            Report($"has no model_{(_modelA < 0 ? 'a' : 'b')}");
        else if (_verdict is null)
            Report("has no winner");
        else if (_modelA == _modelB)
            Report($"sets {_block.Models.Names[_modelA]} against itself");
        if (Problem is not null)
        {
            _block.Problems.Add(new RowProblem(path, line, Id: null, Problem));
            return;
        }

        _block.Rows.Add(new VoteRow(_modelA, _modelB, _verdict!.Value, _judge, _language, _turn, _weight, _timestamp));
        for (var column = 0; column < _kept.Length; column++)
            _block.KeptRows[column].Add(_kept[column]);
    }

    // Hardly any cell has blanks around it.
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> cell) =>
        cell is [not ((byte)' ' or (byte)'\t'), .., not ((byte)' ' or (byte)'\t')] ? cell : cell.Trim(" \t"u8);

    private int Number(VoteNames names, ReadOnlySpan<byte> cell)
    {
        if (names.TryNumber(cell, out var number))
            return number;
        Report("is not valid UTF-8");
        return -1;
    }

    private void TakeWinner(ReadOnlySpan<byte> cell)
    {
        try
        {
            _verdict = cell.SequenceEqual("model_a"u8) ? Verdict.A
                : cell.SequenceEqual("model_b"u8) ? Verdict.B
                : cell.SequenceEqual("tie"u8) ? Verdict.Tie
                : VerdictText.Parse(Encoding.UTF8.GetString(cell));
        }
        catch (FormatException exception)
        {
            Report(exception.Message);
        }
    }

    private void TakeTime(ReadOnlySpan<byte> cell)
    {
        if (PlainNumber.TryParse(cell, out var number) && Math.Abs(number) < LargestSeconds * 1000)
        {
            _timestamp = DateTimeOffset.UnixEpoch.AddSeconds(Math.Abs(number) < LargestSeconds ? number : number / 1000);
        }
        else if (DateTimeOffset.TryParse(
            Encoding.UTF8.GetString(cell), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            _timestamp = time;
        }
        else
        {
            Report($"has the time \"{Encoding.UTF8.GetString(cell)}\", which is neither seconds since 1970 nor ISO 8601");
        }
    }
}
