using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The preferences of nvidia/HelpSteer2 and HelpSteer3: from -3 (the first response is much better) to 3 (the second is), each annotator's
/// and one for all. HelpSteer2 marks with -100 that neither response is valid.
/// </summary>
internal sealed class HelpSteerLayout : IBattleLayout
{
    private const long NeitherIsValid = -100;
    private const string TurnMark = "<extra_id_1>";
    private const string AnswerMark = "Assistant";

    public IReadOnlyList<string> Columns { get; } =
        [
            "context", "prompt", "response1", "response2", "response_1", "response_2", "overall_preference", "preference_strength",
            "individual_preference", "all_preferences_unprocessed", "domain", "language",
        ];

    public bool Matches(IReadOnlySet<string> names) =>
        (names.Contains("response1") && names.Contains("response2") && names.Contains("overall_preference"))
        || (names.Contains("response_1") && names.Contains("response_2") && names.Contains("preference_strength"));

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        var isThird = record.Has("response1");
        var (responseA, responseB) = (
            record.NeededText(isThird ? "response1" : "response_1"), record.NeededText(isThird ? "response2" : "response_2"));
        var asked = Asked(record, builder);
        return new Battle
        {
            Id = ContentKey.Of([.. asked.Select(message => message.Text), null, responseA, responseB]).ToString(),
            Turns = Conversation.Turns(asked, responseA, responseB),
            Verdict = VoteOf(record.Integer(isThird ? "overall_preference" : "preference_strength"), builder)?.Verdict,
            Language = record.Text("language"),
            Tags = RecordTags.Of(record, "domain"),
            Source = isThird ? "nvidia/HelpSteer3" : "nvidia/HelpSteer2",
        }.WithVotes(Votes(record, builder));
    }

    private static List<Message> Asked(Record record, RowBuilder builder)
    {
        if (record.FirstOf("context", "prompt") is { } name && record[name] is List<object?>)
            return Conversation.Messages(record, name, builder);

        // The mark stands before the speaker of every message but the first, and the speaker on a line of its own.
        var parts = (record.Text(record.FirstOf("context", "prompt")) ?? "").Split(TurnMark);
        return
        [
            new Message(IsAnswer: false, parts[0]),
            .. parts.Skip(1).Select(part =>
                new Message(part.StartsWith(AnswerMark, StringComparison.Ordinal), part[(part.IndexOf('\n') + 1)..])),
        ];
    }

    private static List<AnnotatorVote> Votes(Record record, RowBuilder builder)
    {
        var preferences = record[record.FirstOf("individual_preference", "all_preferences_unprocessed") ?? ""] as List<object?> ?? [];
        var votes = new List<AnnotatorVote>();
        foreach (var preference in preferences.OfType<Dictionary<string, object?>>())
        {
            var vote = new Record(preference, builder);
            if (VoteOf(vote.Integer(vote.FirstOf("score", "strength") ?? "score"), builder) is { } known)
                votes.Add(known);
        }

        return votes;
    }

    private static AnnotatorVote? VoteOf(long? preference, RowBuilder builder)
    {
        switch (preference)
        {
            case null: return null;
            case 0: return new AnnotatorVote(Verdict.Tie);
            case >= -3 and < 0: return new AnnotatorVote(Verdict.A, (int)-preference);
            case > 0 and <= 3: return new AnnotatorVote(Verdict.B, (int)preference);
            case NeitherIsValid: return new AnnotatorVote(Verdict.BothBad);
            default:
                builder.Report($"has the preference {preference}, which is not from -3 to 3");
                return null;
        }
    }
}
