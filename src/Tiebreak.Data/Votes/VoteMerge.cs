using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Votes;

/// <summary>Puts the blocks of a file together: numbers of names within a block become numbers within the file.</summary>
internal sealed class VoteMerge(IReadOnlyList<string> kept)
{
    private readonly VoteNames _models = new();
    private readonly VoteNames _judges = new();
    private readonly VoteNames _languages = new();
    private readonly List<VoteBlock> _blocks = [];
    private readonly List<RowProblem> _problems = [];
    private int _count;

    public void Add(VoteBlock block)
    {
        _blocks.Add(block);
        _problems.AddRange(block.Problems);
        _count += block.Rows.Count;
    }

    public VoteTable Finish()
    {
        var (modelA, modelB, verdicts) = (new int[_count], new int[_count], new Verdict[_count]);
        var judges = _blocks.Exists(block => block.Judges.Names.Count > 0) ? new string[_count] : null;
        var languages = _blocks.Exists(block => block.Languages.Names.Count > 0) ? new string[_count] : null;
        var turns = Optional(row => row.Turn != 0) ? new int[_count] : null;
        var weights = Optional(row => row.Weight != 1) ? new double[_count] : null;
        var timestamps = Optional(row => row.Timestamp != DateTimeOffset.MinValue) ? new DateTimeOffset[_count] : null;
        var i = 0;
        foreach (var block in _blocks)
        {
            var models = Renumbered(block.Models, _models);
            var (voters, tongues) = (Renumbered(block.Judges, _judges), Renumbered(block.Languages, _languages));
            foreach (var row in block.Rows)
            {
                (modelA[i], modelB[i], verdicts[i]) = (models[row.ModelA], models[row.ModelB], row.Verdict);
                judges?[i] = row.Judge < 0 ? "" : _judges.Names[voters[row.Judge]];
                languages?[i] = row.Language < 0 ? "" : _languages.Names[tongues[row.Language]];
                turns?[i] = row.Turn;
                weights?[i] = row.Weight;
                timestamps?[i] = row.Timestamp;
                i++;
            }
        }

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
            Columns = Enumerable.Range(0, kept.Count).ToDictionary(column => kept[column], Column, StringComparer.Ordinal),
            Problems = _problems,
        };
    }

    /// <summary>The texts of a further column, one per vote; empty where a row has none.</summary>
    private string[] Column(int column)
    {
        var (all, texts, i) = (new VoteNames(), new string[_count], 0);
        foreach (var block in _blocks)
        {
            var numbers = Renumbered(block.Kept[column], all);
            foreach (var number in block.KeptRows[column])
                texts[i++] = number < 0 ? "" : all.Names[numbers[number]];
        }

        return texts;
    }

    private bool Optional(Predicate<VoteRow> isGiven) => _blocks.Exists(block => block.Rows.Exists(isGiven));

    private static int[] Renumbered(VoteNames names, VoteNames all) => [.. names.Names.Select(name => all.Number(name.AsSpan()))];
}
