using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>The Preference Collection and Preference Bench of Prometheus 2 (arXiv 2405.01535): two responses, and A or B.</summary>
internal sealed class PreferenceCollectionLayout : IBattleLayout
{
    public string Name => "Preference Collection";

    public IReadOnlyList<string> Columns { get; } = ["orig_instruction", "orig_response_A", "orig_response_B", "orig_preference"];

    public bool Matches(IReadOnlySet<string> names) => Columns.All(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(record.NeededText("orig_instruction"));
        builder.ResponsesA.Add(record.NeededText("orig_response_A"));
        builder.ResponsesB.Add(record.NeededText("orig_response_B"));
        return new Battle
        {
            Id = ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            Verdict = record.Winner("orig_preference"),
            Source = "prometheus-eval/Preference-Collection",
        };
    }
}
