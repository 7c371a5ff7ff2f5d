using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>lmarena-ai/PPE-Human-Preference-V1 (arXiv 2410.14872): votes of the Arena, one prompt and two responses.</summary>
internal sealed class PpeHumanLayout : IBattleLayout
{
    private static readonly string[] Tags = ["is_code", "hard_prompt", "easy_prompt", "if_prompt", "math_prompt"];

    public string Name => "PPE";

    public IReadOnlyList<string> Columns { get; } =
        ["question_id", "prompt", "response_1", "response_2", "model_a", "model_b", "winner", "language", .. Tags];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("prompt") && names.Contains("response_1") && names.Contains("response_2") && names.Contains("winner");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        record.Texts("prompt", builder.Prompts);
        record.Texts("response_1", builder.ResponsesA);
        record.Texts("response_2", builder.ResponsesB);
        return new Battle
        {
            Id = record.Text("question_id")
                ?? ContentKey.Of([.. builder.Prompts, null, .. builder.ResponsesA, null, .. builder.ResponsesB]).ToString(),
            Turns = builder.Zip(),
            ModelA = record.Text("model_a"),
            ModelB = record.Text("model_b"),
            Verdict = record.Winner(),
            Language = record.Text("language"),
            Tags = RecordTags.Of(record, Tags),
            Source = "lmarena-ai/PPE-Human-Preference-V1",
        };
    }
}
