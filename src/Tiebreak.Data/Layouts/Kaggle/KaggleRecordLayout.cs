using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>
/// The competition's columns (also lmsys/lmsys-arena-human-preference-55k) in parquet or JSON: texts are strings that hold a JSON list, the
/// winner is one of three columns. CSV has a faster parser, <see cref="KaggleParser"/>.
/// </summary>
internal sealed class KaggleRecordLayout : IBattleLayout
{
    private static readonly Verdict[] Verdicts = [Verdict.A, Verdict.B, Verdict.Tie];

    public string Name => "the competition's";

    public IReadOnlyList<string> Columns { get; } = KaggleHeader.Train;

    public bool Matches(IReadOnlySet<string> names) =>
        KaggleHeader.Texts.Skip(1).All(names.Contains) && KaggleHeader.Winners.All(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("id");

    public Battle Read(Record record, RowBuilder builder)
    {
        if (KaggleHeader.Texts.Skip(1).All(name => record[name] is null or string))
        {
            TextCells.Read(record.Text("prompt"), record.Text("response_a"), record.Text("response_b"), builder, expectsLists: true);
        }
        else
        {
            record.Texts("prompt", builder.Prompts);
            record.Texts("response_a", builder.ResponsesA);
            record.Texts("response_b", builder.ResponsesB);
        }

        return new Battle
        {
            Id = PlainLayout.IdOf(record, builder),
            Turns = builder.Zip(),
            ModelA = record.Text("model_a"),
            ModelB = record.Text("model_b"),
            Verdict = Winner(record, builder),
        };
    }

    private static Verdict? Winner(Record record, RowBuilder builder)
    {
        var cells = KaggleHeader.Winners.Select(name => record[name] is bool truth ? (truth ? 1 : 0) : record.Integer(name)).ToList();
        if (cells.TrueForAll(cell => cell is null))
            return null;
        if (cells.TrueForAll(cell => cell is 0 or 1) && cells.Count(cell => cell == 1) == 1)
            return Verdicts[cells.IndexOf(1)];

        builder.Report($"has a label that is not exactly one 1 in {string.Join(", ", KaggleHeader.Winners)}");
        return null;
    }
}
