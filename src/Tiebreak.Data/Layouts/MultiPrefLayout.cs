using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// allenai/multipref (arXiv 2410.19133): two completions, each pair judged by crowd workers and by experts, who say
/// "A-is-clearly-better", "A-is-slightly-better", "Tie" and so on.
/// </summary>
internal sealed class MultiPrefLayout : IBattleLayout
{
    private static readonly string[] Annotations = ["normal_worker_annotations", "expert_worker_annotations"];

    public IReadOnlyList<string> Columns { get; } =
        [
            "comparison_id", "text", "completion_a", "completion_b", "model_a", "model_b", "category", "subject_of_study", .. Annotations,
        ];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("completion_a") && names.Contains("completion_b") && Annotations.Any(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("comparison_id");

    public Battle Read(Record record, RowBuilder builder)
    {
        var votes = Votes(record, builder);
        builder.Prompts.Add(record.NeededText("text"));
        builder.ResponsesA.Add(record.NeededText("completion_a"));
        builder.ResponsesB.Add(record.NeededText("completion_b"));
        return new Battle
        {
            Id = record.Text("comparison_id")
                ?? ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            ModelA = record.Text("model_a"),
            ModelB = record.Text("model_b"),
            Tags = RecordTags.Of(record, "category", "subject_of_study"),
            Source = "allenai/multipref",
        }.WithVotes(
            [.. votes.Select(vote => vote.Vote)],
            votes.TrueForAll(vote => vote.Annotator is not null) ? [.. votes.Select(vote => vote.Annotator!)] : null);
    }

    private static List<(AnnotatorVote Vote, string? Annotator)> Votes(Record record, RowBuilder builder)
    {
        var votes = new List<(AnnotatorVote, string?)>();
        var annotations = Annotations.SelectMany(name => record[name] as List<object?> ?? []);
        foreach (var annotation in annotations.OfType<Dictionary<string, object?>>())
        {
            var said = annotation.GetValueOrDefault("overall_pref");
            AnnotatorVote? vote = said switch
            {
                "A-is-clearly-better" => new(Verdict.A, 2),
                "A-is-slightly-better" => new(Verdict.A, 1),
                "B-is-slightly-better" => new(Verdict.B, 1),
                "B-is-clearly-better" => new(Verdict.B, 2),
                "Tie" => new(Verdict.Tie),
                _ => null,
            };
            if (vote is { } known)
                votes.Add((known, annotation.GetValueOrDefault("evaluator") is { } evaluator ? Record.TextOf(evaluator) : null));
            else if (said is not null)
                builder.Report($"has the unknown \"overall_pref\" \"{said}\"");
        }

        return votes;
    }
}
