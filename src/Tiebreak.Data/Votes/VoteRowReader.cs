using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Votes;

/// <summary>Makes a vote of the cells of a row.</summary>
internal ref struct VoteRowReader
{
    private readonly FileReading _file;
    private readonly VoteBlock _block;
    private readonly Span<int> _kept;
    private int _modelA = -1;
    private int _modelB = -1;
    private int _judge = -1;
    private int _language = -1;
    private int _turn;
    private double _weight = 1;
    private string? _winner; // where it is no word that says who won by itself
    private Verdict? _verdict;
    private (int Cells, int Ones) _winners; // of the competition's three columns
    private DateTimeOffset _timestamp = DateTimeOffset.MinValue;
    private int _timeText = -1;

    /// <param name="file">The file.</param>
    /// <param name="block">Where the row goes.</param>
    /// <param name="kept">Room for one number per column that is kept.</param>
    public VoteRowReader(FileReading file, VoteBlock block, Span<int> kept)
    {
        (_file, _block) = (file, block);
        _kept = kept;
        kept.Fill(-1);
    }

    /// <summary>True where numbers are written as 0,5.</summary>
    public bool HasDecimalCommas { get; init; }

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
            case VoteColumn.WinnerA: TakeWinner(cell, Verdict.A); break;
            case VoteColumn.WinnerB: TakeWinner(cell, Verdict.B); break;
            case VoteColumn.WinnerTie: TakeWinner(cell, Verdict.Tie); break;
            case VoteColumn.Turn when Utf8Parser.TryParse(cell, out int turn, out var used) && used == cell.Length: _turn = turn; break;
            case VoteColumn.Weight when TryNumber(cell, out var weight) && weight >= 0 && double.IsFinite(weight): _weight = weight; break;
            case VoteColumn.Timestamp: TakeTime(cell); break;
            default:
                Report($"has the {(column == VoteColumn.Turn ? "turn" : "weight")} \"{Encoding.UTF8.GetString(cell)}\", "
                    + $"which is no {(column == VoteColumn.Turn ? "whole number" : "number from 0 on")}");
                break;
        }
    }

    /// <summary>Takes the value that a path leads to, if it leads to one.</summary>
    /// <param name="path">The path.</param>
    /// <param name="column">The value of the column that it leads into.</param>
    public void Take(ColumnPath path, object? column)
    {
        if (!path.TryFind(column, out var value) || value is null)
            return;
        if (Record.TextOf(value) is { } text)
            Take(VoteColumns.Of(path.Name), Encoding.UTF8.GetBytes(text));
        else
            Report($"has a {path.Name} that is neither a text nor a number");
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
    public void Finish(long line)
    {
        string? unknown = null;
        if (_modelA < 0 || _modelB < 0)
            Report($"has no model_{(_modelA < 0 ? 'a' : 'b')}");
        else if (_modelA == _modelB)
            Report($"sets {_block.Models.Names[_modelA]} against itself");
        else
            unknown = ReadWinner();
        if (Problem is not null)
        {
            _block.Problems.Add(new RowProblem(_file.Path, line, Id: null, Problem) { UnknownWinner = unknown });
            return;
        }

        var number = _block.Rows.Count;
        _block.Rows.Add(new VoteRow(_modelA, _modelB, _verdict!.Value));
        _block.RowJudges.Add(number, _judge);
        _block.RowLanguages.Add(number, _language);
        _block.Turns.Add(number, _turn);
        _block.Weights.Add(number, _weight);
        _block.Times.Add(number, _timestamp.UtcTicks);
        if (_timeText >= 0)
            _block.UnreadTimes.Add((number, _timeText));
        for (var column = 0; column < _kept.Length; column++)
            _block.KeptRows[column].Add(_kept[column]);
    }

    /// <summary>Makes the verdict of what the row says; a word that is not known comes back.</summary>
    private string? ReadWinner()
    {
        var names = _block.Models.Names;
        if (_winner is not null && !VerdictText.TryParse(
            _winner, _file.WinnerWords, names[_modelA], names[_modelB], out _verdict, _file.NumbersAreScores))
        {
            Report(VerdictText.Unknown(_winner));
            return _winner;
        }

        if (_winner is null && _winners is not ((0, 0) or (3, 1)))
            Report("has winner columns of which not exactly one is 1");
        else if (_verdict is null)
            Report("has no winner");
        return null;
    }

    // Hardly any cell has blanks around it.
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> cell) =>
        cell is [not ((byte)' ' or (byte)'\t'), .., not ((byte)' ' or (byte)'\t')] ? cell : cell.Trim(" \t"u8);

    private int Number(VoteNames names, ReadOnlySpan<byte> cell)
    {
        if (names.TryNumber(cell, out var number))
            return number;
        Report(RowBuilder.NotUtf8);
        return -1;
    }

    private void TakeWinner(ReadOnlySpan<byte> cell)
    {
        if (_file.WinnerWords is not { Count: > 0 })
        {
            _verdict = cell.SequenceEqual("model_a"u8) ? Verdict.A
                : cell.SequenceEqual("model_b"u8) ? Verdict.B
                : cell.SequenceEqual("tie"u8) ? Verdict.Tie : null;
            if (_verdict is not null)
                return;
        }

        _winner = Encoding.UTF8.GetString(cell);
    }

    /// <summary>Takes a cell of the competition's three columns.</summary>
    private void TakeWinner(ReadOnlySpan<byte> cell, Verdict verdict)
    {
        var isOne = KaggleLabel.IsOne(cell);
        _winners = (_winners.Cells + 1, _winners.Ones + (isOne ? 1 : 0));
        if (isOne)
            _verdict = verdict;
    }

    private bool TryNumber(ReadOnlySpan<byte> cell, out double number)
    {
        if (Utf8Parser.TryParse(cell, out number, out var used) && used == cell.Length)
            return true;
        return HasDecimalCommas && double.TryParse(
            Encoding.UTF8.GetString(cell).Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    // A date that could be two is decided when the whole column is known.
    private void TakeTime(ReadOnlySpan<byte> cell)
    {
        var time = PlainNumber.TryParse(cell, out var number) ? TimeText.OfNumber(number) : TimeText.Parse(Encoding.UTF8.GetString(cell));
        if (time is { } known)
            _timestamp = known;
        else
            _timeText = Number(_block.TimeTexts, cell);
    }
}
