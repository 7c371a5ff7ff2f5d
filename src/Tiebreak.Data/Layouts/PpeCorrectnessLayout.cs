using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The correctness sets of PPE (lmarena-ai/PPE-MMLU-Pro-Best-of-K and others): many responses of one model to a prompt, each right or
/// wrong, and <c>sampled_conflict_pairs</c> of a right and a wrong one, by their numbers from 0. Every such pair is a battle.
/// </summary>
internal sealed class PpeCorrectnessLayout : IRecordLayout
{
    private const int MostResponses = 128;

    public IReadOnlyList<string> Columns { get; } =
        [
            "question_id", "prompt", "model_name", "scores", "sampled_conflict_pairs",
            .. Enumerable.Range(1, MostResponses).Select(number => $"response_{number}"),
        ];

    public bool Matches(IReadOnlySet<string> names) => names.Contains("sampled_conflict_pairs") && names.Contains("scores");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public IReadOnlyList<Battle> ReadAll(Record record, RowBuilder builder)
    {
        var (prompt, model) = (record.NeededText("prompt"), record.Text("model_name"));
        var scores = record["scores"] as List<object?> ?? [];
        var battles = new List<Battle>();
        foreach (var item in record["sampled_conflict_pairs"] as List<object?> ?? [])
        {
            if (item is not (List<object?> and [long first, long second]) || ScoreOf(scores, first) is not { } a
                || ScoreOf(scores, second) is not { } b)
            {
                builder.Report("has a pair that does not name two responses with scores");
                return [];
            }

            var (responseA, responseB) = (record.NeededText($"response_{first + 1}"), record.NeededText($"response_{second + 1}"));
            battles.Add(new Battle
            {
                Id = $"{record.Text("question_id") ?? ContentKey.Of(prompt).ToString()}-{first}-{second}",
                Turns = [new Turn(prompt, responseA, responseB)],
                ModelA = model,
                ModelB = model,
                Verdict = a > b ? Verdict.A : a < b ? Verdict.B : Verdict.Tie,
                Source = "lmarena-ai/PPE",
            });
        }

        return battles;
    }

    /// <summary>A score, or null where there is none of this number: truth values, numbers, or lists that begin with one.</summary>
    private static double? ScoreOf(List<object?> scores, long number) => number is < 0 or >= MostResponses || number >= scores.Count
        ? null
        : (scores[(int)number] is List<object?> and [var inner, ..] ? inner : scores[(int)number]) switch
        {
            bool isRight => isRight ? 1 : 0,
            long score => score,
            double score => score,
            _ => null,
        };
}
