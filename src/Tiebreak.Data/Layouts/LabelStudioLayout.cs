using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The JSON export of a Label Studio project with the tag Pairwise: every annotator selected the left or the right of two texts. The
/// project names the texts of its <c>data</c>; which is the prompt and which are the responses is told by these names
/// (<c>prompt</c>, <c>answer1</c>, <c>answer2</c>; <c>text1</c>, <c>text2</c>).
/// </summary>
internal sealed class LabelStudioLayout : IBattleLayout
{
    public string Name => "Label Studio";

    public IReadOnlyList<string> Columns { get; } = ["id", "data", "annotations"];

    public bool Matches(IReadOnlySet<string> names) => names.Contains("data") && names.Contains("annotations");

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("id");

    public Battle Read(Record record, RowBuilder builder)
    {
        var texts = record["data"] as Dictionary<string, object?> ?? [];
        var data = new Record(texts, builder);
        var votes = Votes(record, builder);
        var (first, second) = (UnknownLayout.Guess(texts.Keys, "response_a"), UnknownLayout.Guess(texts.Keys, "response_b"));
        if (first is null || second is null)
            builder.Report("has a \"data\" in which no two names tell the responses, such as answer1 and answer2");
        builder.Prompts.Add(data.Text(UnknownLayout.Guess(texts.Keys, "prompt")));
        builder.ResponsesA.Add(data.Text(first));
        builder.ResponsesB.Add(data.Text(second));
        return new Battle
        {
            Id = record.Text("id") ?? ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
        }.WithVotes(
            [.. votes.Select(vote => vote.Vote)],
            votes.TrueForAll(vote => vote.Annotator is not null) ? [.. votes.Select(vote => vote.Annotator!)] : null);
    }

    private static List<(AnnotatorVote Vote, string? Annotator)> Votes(Record record, RowBuilder builder)
    {
        var votes = new List<(AnnotatorVote, string?)>();
        var annotations = (record["annotations"] as List<object?> ?? []).OfType<Dictionary<string, object?>>()
            .Where(annotation => annotation.GetValueOrDefault("was_cancelled") is not true);
        foreach (var annotation in annotations)
        {
            var annotator = AnnotatorOf(annotation.GetValueOrDefault("completed_by"));
            foreach (var result in annotation.GetValueOrDefault("result") as List<object?> ?? [])
            {
                if (result is not Dictionary<string, object?> tag || tag.GetValueOrDefault("type") is not "pairwise")
                    continue;
                switch ((tag.GetValueOrDefault("value") as Dictionary<string, object?>)?.GetValueOrDefault("selected"))
                {
                    case "left": votes.Add((new(Verdict.A), annotator)); break;
                    case "right": votes.Add((new(Verdict.B), annotator)); break;
                    default: builder.Report("has a pairwise result that selected neither left nor right"); break;
                }
            }
        }

        return votes;
    }

    /// <summary>The number of an annotator, which some exports have as an object with names beside it.</summary>
    private static string? AnnotatorOf(object? completedBy) =>
        (completedBy is Dictionary<string, object?> person ? person.GetValueOrDefault("id") : completedBy) is { } id
            ? Record.TextOf(id)
            : null;
}
