using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// PKU-Alignment/PKU-SafeRLHF (arXiv 2406.15513): two responses, and the number of the better one, 0 or 1. Which one is safer is another
/// question, and not read.
/// </summary>
internal sealed class SafeRlhfLayout : IBattleLayout
{
    public string Name => "PKU-SafeRLHF";

    public IReadOnlyList<string> Columns { get; } =
        ["prompt", "response_0", "response_1", "response_0_source", "response_1_source", "better_response_id"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("response_0") && names.Contains("response_1") && names.Contains("better_response_id");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(record.NeededText("prompt"));
        builder.ResponsesA.Add(record.NeededText("response_0"));
        builder.ResponsesB.Add(record.NeededText("response_1"));
        var better = record.Integer("better_response_id");
        if (better is not (null or 0 or 1))
            builder.Report($"has the unknown better_response_id {better}; known are 0 and 1");
        return new Battle
        {
            Id = ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            ModelA = record.Text("response_0_source"),
            ModelB = record.Text("response_1_source"),
            Verdict = better switch { 0 => Verdict.A, 1 => Verdict.B, _ => null },
            Source = "PKU-Alignment/PKU-SafeRLHF",
        };
    }
}
