using System.Text;
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

    public IReadOnlyList<string> Columns { get; } = KaggleHeader.Train;

    public bool Matches(IReadOnlySet<string> names) =>
        KaggleHeader.Texts.All(names.Contains) && KaggleHeader.Winners.All(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => false;

    public Battle Read(Record record, RowBuilder builder)
    {
        ReadTexts(record, "prompt", builder.Prompts, builder);
        ReadTexts(record, "response_a", builder.ResponsesA, builder);
        ReadTexts(record, "response_b", builder.ResponsesB, builder);
        return new Battle
        {
            Id = record.Text("id") ?? "",
            Turns = builder.Zip(),
            ModelA = record.Text("model_a"),
            ModelB = record.Text("model_b"),
            Verdict = Winner(record, builder),
        };
    }

    private static void ReadTexts(Record record, string name, List<string?> texts, RowBuilder builder)
    {
        if (record[name] is not string cell)
        {
            record.Texts(name, texts);
            return;
        }

        if (JsonTextList.TryRead(Encoding.UTF8.GetBytes(cell), texts, out var reason))
            return;
        builder.Report($"has a {name} that is not a JSON list of texts ({reason})");
        texts.Clear();
        if (builder.Purpose != BattlePurpose.Train)
            texts.Add(cell);
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
