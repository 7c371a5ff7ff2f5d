using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Judgments of Arena-Hard-Auto (arXiv 2406.11939): a judge compares a model with a baseline in two games. In the first the baseline is A,
/// in the second the model is. Each game is a battle; much better (<c>A&gt;&gt;B</c>) counts as better. The texts are in other files, so
/// that the battles have none.
/// </summary>
internal sealed class ArenaHardLayout : IRecordLayout
{
    private const string UnnamedBaseline = "baseline";

    public string Name => "Arena-Hard";

    public IReadOnlyList<string> Columns { get; } = ["question_id", "uid", "model", "baseline", "judge", "games", "category"];

    public bool Matches(IReadOnlySet<string> names) => names.Contains("games") && names.Contains("model") && names.Contains("judge");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public IReadOnlyList<Battle> ReadAll(Record record, RowBuilder builder)
    {
        if (record["games"] is not (List<object?> and [var first, var second]))
        {
            builder.Report("has no two \"games\"");
            return [];
        }

        if (!record.Has("baseline"))
            builder.File.Note("baseline", $"does not name what the models were compared with; it is called {UnnamedBaseline}.");
        var (model, baseline) = (record.NeededText("model"), record.Text("baseline") ?? UnnamedBaseline);
        return [Game(1, first, baseline, model), Game(2, second, model, baseline)];

        Battle Game(int number, object? game, string? modelA, string? modelB) => new()
        {
            Id = $"{record.Text(record.FirstOf("question_id", "uid"))}-{model}-{record.Text("judge")}-{number}",
            Turns = [new Turn(Prompt: null, ResponseA: null, ResponseB: null)],
            ModelA = modelA,
            ModelB = modelB,
            Verdict = VerdictOf((game as Dictionary<string, object?>)?.GetValueOrDefault("score") as string, builder),
            Tags = RecordTags.Of(record, "category"),
        };
    }

    private static Verdict? VerdictOf(string? score, RowBuilder builder)
    {
        switch (score)
        {
            case "A>B" or "A>>B" or "B<A" or "B<<A": return Verdict.A;
            case "B>A" or "B>>A" or "A<B" or "A<<B": return Verdict.B;
            case "A=B" or "B=A": return Verdict.Tie;
            default:
                builder.ReportIfFirst("has a game without a verdict such as A>B");
                return null;
        }
    }
}
