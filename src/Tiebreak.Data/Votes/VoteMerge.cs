using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Votes;

/// <summary>Puts the blocks of a file together: numbers of names within a block become numbers within the file.</summary>
/// <param name="kept">The further columns.</param>
/// <param name="threads">Threads to use.</param>
internal sealed class VoteMerge(IReadOnlyList<string> kept, int threads)
{
    private readonly VoteNames _models = new();
    private readonly VoteNames _judges = new();
    private readonly VoteNames _languages = new();
    private readonly VoteNames _timeTexts = new();
    private readonly VoteNames[] _kept = [.. kept.Select(_ => new VoteNames())];
    private readonly List<Part> _parts = [];
    private readonly List<RowProblem> _problems = [];
    private int _count;

    /// <summary>Takes the next block in file order; what it costs is the renumbering, the rows wait for <see cref="Finish"/>.</summary>
    public void Add(VoteBlock block)
    {
        _parts.Add(new Part(
            block, _count, block.Models.NumbersIn(_models), block.Judges.NumbersIn(_judges), block.Languages.NumbersIn(_languages),
            block.TimeTexts.NumbersIn(_timeTexts),
            [.. block.Kept.Zip(_kept, (names, all) => names.NumbersIn(all))]));
        _problems.AddRange(block.Problems);
        _count += block.Rows.Count;
    }

    /// <summary>The table of all rows.</summary>
    /// <param name="file">Takes what is to be said about the file.</param>
    public VoteTable Finish(FileReading file)
    {
        var columnTimes = TimesOf(file);
        var (modelA, modelB, verdicts) = (new int[_count], new int[_count], new Verdict[_count]);
        var judges = _judges.Names.Count > 0 ? new string[_count] : null;
        var languages = _languages.Names.Count > 0 ? new string[_count] : null;
        var turns = _parts.Exists(part => part.Block.Turns.IsGiven) ? new int[_count] : null;
        var weights = _parts.Exists(part => part.Block.Weights.IsGiven) ? new double[_count] : null;
        var hasTimes = columnTimes is not null || _parts.Exists(part => part.Block.Times.IsGiven);
        var timestamps = hasTimes ? new DateTimeOffset[_count] : null;
        string[][] columns = [.. kept.Select(_ => new string[_count])];
        Parallel.ForEach(_parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var block = part.Block;
            for (var k = 0; k < block.Rows.Count; k++)
            {
                var (i, row) = (part.Start + k, block.Rows[k]);
                (modelA[i], modelB[i], verdicts[i]) = (part.Models[row.ModelA], part.Models[row.ModelB], row.Verdict);
                judges?[i] = block.RowJudges[k] is var judge and >= 0 ? _judges.Names[part.Judges[judge]] : "";
                languages?[i] = block.RowLanguages[k] is var language and >= 0 ? _languages.Names[part.Languages[language]] : "";
                turns?[i] = block.Turns[k];
                weights?[i] = block.Weights[k];
                timestamps?[i] = new DateTimeOffset(block.Times[k], TimeSpan.Zero);
            }

            if (columnTimes is not null)
            {
                foreach (var (row, text) in block.UnreadTimes)
                    timestamps![part.Start + row] = columnTimes[part.TimeTexts[text]];
            }

            for (var column = 0; column < columns.Length; column++)
                CopyColumn(part, column, columns[column]);
        });

        return new VoteTable
        {
            Models = _models.Names,
            ModelA = modelA,
            ModelB = modelB,
            Verdicts = verdicts,
            Judges = judges,
            Languages = languages,
            Turns = turns,
            Weights = weights,
            Timestamps = timestamps,
            Columns = kept.Zip(columns).ToDictionary(column => column.First, column => column.Second, StringComparer.Ordinal),
            Problems = _problems,
            Notices = [.. file.Notices],
        };
    }

    /// <summary>The times of the texts that only the whole column can tell; null where there are none, or it cannot.</summary>
    private DateTimeOffset[]? TimesOf(FileReading file)
    {
        if (_timeTexts.Names.Count == 0)
            return null;

        var times = TimeText.ParseColumn(_timeTexts.Names);
        if (times is null)
            file.Note("time", TimeText.Undecided(_timeTexts.Names[0]));
        return times;
    }

    /// <summary>The texts of a further column, one per vote; empty where a row has none.</summary>
    private void CopyColumn(Part part, int column, string[] texts)
    {
        var i = part.Start;
        foreach (var number in part.Block.KeptRows[column])
            texts[i++] = number < 0 ? "" : _kept[column].Names[part.Kept[column][number]];
    }

    /// <summary>A block, where its rows begin in the file, and what numbers its names have there.</summary>
    private sealed record Part(VoteBlock Block, int Start, int[] Models, int[] Judges, int[] Languages, int[] TimeTexts, int[][] Kept);
}
