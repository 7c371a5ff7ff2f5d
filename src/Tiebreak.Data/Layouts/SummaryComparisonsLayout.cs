using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// openai/summarize_from_feedback, comparisons (arXiv 2009.01325): a post or article, two summaries, and the <c>choice</c> 0 or 1 of a
/// worker. The prompt is the title and what was to be summarised.
/// </summary>
internal sealed class SummaryComparisonsLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } = ["info", "summaries", "choice", "worker"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("info") && names.Contains("summaries") && names.Contains("choice");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        var info = new Record(record["info"] as Dictionary<string, object?> ?? [], builder);
        if (record["summaries"] is not (List<object?> and [Dictionary<string, object?> first, Dictionary<string, object?> second]))
        {
            builder.Report("has no two \"summaries\"");
            (first, second) = ([], []);
        }

        var (a, b) = (new Record(first, builder), new Record(second, builder));
        var choice = record.Integer("choice");
        if (choice is not (null or 0 or 1))
            builder.Report($"has the unknown choice {choice}; known are 0 and 1");
        builder.Prompts.Add(string.Join(
            "\n\n", new[] { info.Text("title"), info.Text(info.FirstOf("post", "article")) }.Where(text => !string.IsNullOrEmpty(text))));
        builder.ResponsesA.Add(a.NeededText("text"));
        builder.ResponsesB.Add(b.NeededText("text"));
        return new Battle
        {
            Id = $"{info.Text("id")}-{a.Text("policy")}-{b.Text("policy")}-{record.Text("worker")}",
            Turns = builder.Zip(),
            ModelA = a.Text("policy"),
            ModelB = b.Text("policy"),
            Verdict = choice switch { 0 => Verdict.A, 1 => Verdict.B, _ => null },
            AnnotatorIds = record.Text("worker") is { } worker ? [worker] : null,
            Tags = RecordTags.Of(info, "subreddit"),
            Source = "openai/summarize_from_feedback",
        };
    }
}
