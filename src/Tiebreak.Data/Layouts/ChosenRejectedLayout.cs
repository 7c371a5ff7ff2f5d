using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Sets that say which response was chosen and which rejected: Anthropic's HH-RLHF (transcripts), binarised UltraFeedback, the layouts of
/// TRL, LLaMA-Factory, ms-swift, ColossalChat, OpenAI's preference tuning, Intel's Orca pairs and distilabel (texts, messages, lists of
/// messages), RewardBench, and RewardBench 2 and RM-Bench, where several were chosen and several rejected. Turns before the last are what
/// both conversations have in common. The sides are drawn (<see cref="SideDraw"/>). Equal ratings are a tie.
/// </summary>
internal sealed class ChosenRejectedLayout(ulong sideSeed) : IRecordLayout
{
    // Each chosen response meets each rejected one.
    private const int MostBattlesOfRow = 5000;

    private static readonly string[] Ids = ["id", "prompt_id"];
    private static readonly string[] Chosen = ["chosen", "chosen_response", "chosen_messages", "preferred_output", "messages"];
    private static readonly string[] Rejected = ["rejected", "rejected_response", "rejected_messages", "non_preferred_output"];
    private static readonly string[] ChosenRatings =
    [
        "score_chosen", "chosen_score", "chosen_rating", "chosen-rating", "chosen_avg_rating",
    ];
    private static readonly string[] RejectedRatings =
    [
        "score_rejected", "rejected_score", "rejected_rating", "rejected-rating", "rejected_avg_rating",
    ];
    private static readonly string[] ChosenModels = ["chosen_model", "chosen-model"];
    private static readonly string[] RejectedModels = ["rejected_model", "rejected-model"];
    private static readonly string[] Tags = ["subset", "category", "domain"];

    private readonly SideDraw _sides = new(sideSeed);

    public IReadOnlyList<string> Columns { get; } =
        [
            .. Ids, .. Chosen, .. Rejected, .. AskedMessages.Columns, .. ChosenRatings, .. RejectedRatings, .. ChosenModels,
            .. RejectedModels, .. Tags, "models", "status", "source", "language",
        ];

    public bool Matches(IReadOnlySet<string> names) => Chosen.Any(names.Contains) && Rejected.Any(names.Contains);

    // The hash of a prompt is no identity of a row: UltraFeedback has several rows with one prompt_id.
    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("id");

    public IReadOnlyList<Battle> ReadAll(Record record, RowBuilder builder)
    {
        var asked = AskedMessages.Read(record, builder);
        // ms-swift writes the chosen response as the end of the conversation.
        if (NameOf(record, Chosen) is "messages" && asked is [.., { IsAnswer: true }])
            asked.RemoveAt(asked.Count - 1);
        return record[NameOf(record, Chosen)] is List<object?> and [string, ..]
            ? ReadLists(record, asked, builder)
            : [ReadPair(record, asked, builder)];
    }

    private Battle ReadPair(Record record, List<Message> asked, RowBuilder builder)
    {
        var (chosen, rejected) = Sides(record, asked, builder);
        var key = ContentKey.Of([.. Texts(chosen), null, .. Texts(rejected)]);
        var isChosenA = _sides.IsFirstA(key);
        Conversation.Pair(isChosenA ? chosen : rejected, isChosenA ? rejected : chosen, builder);

        var (chosenModel, rejectedModel) = (record.Text(record.FirstOf(ChosenModels)), record.Text(record.FirstOf(RejectedModels)));
        return Battle(record, IdOf(record, key), builder.Zip(), isChosenA, chosenModel, rejectedModel) with
        {
            Verdict = IsTie(record, builder) ? Verdict.Tie : isChosenA ? Verdict.A : Verdict.B,
        };
    }

    /// <summary>
    /// Every chosen response against every rejected one. In RM-Bench both are in three styles, plainer first: where the chosen one is
    /// plainer than the rejected, the battle is tagged "hard", where it is less plain "easy", and "normal" where the styles are equal.
    /// </summary>
    private List<Battle> ReadLists(Record record, List<Message> asked, RowBuilder builder)
    {
        var (chosen, rejected) = (new List<string?>(), new List<string?>());
        record.Texts(NameOf(record, Chosen), chosen);
        record.Texts(NameOf(record, Rejected), rejected);
        if (rejected.Count == 0 || (long)chosen.Count * rejected.Count > MostBattlesOfRow)
        {
            builder.Report(rejected.Count == 0
                ? "has no rejected response"
                : $"has {chosen.Count} chosen and {rejected.Count} rejected responses; at most {MostBattlesOfRow} pairs of them are read");
            return [];
        }

        var models = record["models"] is List<object?> list && list.Count == chosen.Count + rejected.Count ? list : null;
        var hasStyles = models is null && chosen.Count == 3 && rejected.Count == 3;
        var battles = new List<Battle>();
        for (var i = 0; i < chosen.Count; i++)
        {
            for (var j = 0; j < rejected.Count; j++)
            {
                var key = ContentKey.Of([.. asked.Select(message => message.Text), null, chosen[i], rejected[j]]);
                var isChosenA = _sides.IsFirstA(key);
                var turns = Conversation.Turns(asked, isChosenA ? chosen[i] : rejected[j], isChosenA ? rejected[j] : chosen[i]);
                var battle = Battle(
                    record, $"{IdOf(record, key)}-{i + 1}-{j + 1}", turns, isChosenA,
                    models?[i] as string, models?[chosen.Count + j] as string);
                battles.Add(hasStyles ? battle with { Tags = [.. battle.Tags ?? [], i < j ? "hard" : i > j ? "easy" : "normal"] } : battle);
            }
        }

        return battles;
    }

    private static Battle Battle(
        Record record, string id, Turn[] turns, bool isChosenA, string? chosenModel, string? rejectedModel) =>
        new()
        {
            Id = id,
            Turns = turns,
            ModelA = isChosenA ? chosenModel : rejectedModel,
            ModelB = isChosenA ? rejectedModel : chosenModel,
            Verdict = isChosenA ? Verdict.A : Verdict.B,
            Language = record.Text("language"),
            Tags = RecordTags.Of(record, Tags),
            Source = record.TextIfAny("source") ?? (record[Chosen[0]] is string text && Transcript.Is(text) ? "Anthropic/hh-rlhf" : null),
        };

    private static bool IsTie(Record record, RowBuilder builder)
    {
        var (better, worse) = (record.Number(record.FirstOf(ChosenRatings)), record.Number(record.FirstOf(RejectedRatings)));
        if (better < worse)
            builder.Report("has a chosen response with a lower rating than the rejected one");
        return (better is not null && better == worse) || record["status"] is "tie"; // distilabel says so where its ratings were equal
    }

    private static string IdOf(Record record, ContentKey key) => record.FirstOf(Ids) switch
    {
        "id" => record.Text("id") ?? "",
        "prompt_id" => $"{record.Text("prompt_id")}-{key}",
        _ => key.ToString(),
    };

    private static string NameOf(Record record, string[] names) => record.FirstOf(names) ?? names[0];

    private static (List<Exchange> Chosen, List<Exchange> Rejected) Sides(Record record, List<Message> asked, RowBuilder builder)
    {
        if (!AskedMessages.AreIn(record) && record[NameOf(record, Chosen)] is string chosen && !Transcript.Is(chosen)
            && record[NameOf(record, Rejected)] is string rejected)
        {
            var shared = SharedPrompt(chosen, rejected);
            var prompt = shared == 0 ? null : chosen[..shared];
            return ([new Exchange(prompt, chosen[shared..])], [new Exchange(prompt, rejected[shared..])]);
        }

        return (Side(record, NameOf(record, Chosen), asked, builder), Side(record, NameOf(record, Rejected), asked, builder));
    }

    /// <summary>
    /// The characters at the beginning that are the prompt where a row has none: what both texts have in common, without a blank before
    /// the first difference, as TRL takes an implicit prompt.
    /// </summary>
    private static int SharedPrompt(string chosen, string rejected)
    {
        var count = chosen.AsSpan().CommonPrefixLength(rejected);
        if (count == chosen.Length && count == rejected.Length)
            return 0;
        return count > 0 && (chosen[count - 1] == ' ' || char.IsHighSurrogate(chosen[count - 1])) ? count - 1 : count;
    }

    private static List<Exchange> Side(Record record, string name, List<Message> asked, RowBuilder builder)
    {
        switch (record[name])
        {
            case string text when Transcript.Is(text):
                return Conversation.Exchanges(Transcript.Messages(text));
            case string text when asked is [{ Text: { } prompt }] && Transcript.Is(prompt):
                return Conversation.Exchanges(Transcript.Messages(prompt + text));
            case string text:
                return Conversation.Exchanges([.. asked, new Message(IsAnswer: true, text)]);
            case Dictionary<string, object?> message when Conversation.MessageOf(message) is { } answer:
                return Conversation.Exchanges([.. asked, answer]);
            default:
                // A list holds the whole conversation, or the answer alone.
                var messages = Conversation.Messages(record, name, builder);
                return Conversation.Exchanges(messages is [{ IsAnswer: true }, ..] ? [.. asked, .. messages] : messages);
        }
    }

    private static IEnumerable<string?> Texts(List<Exchange> side) =>
        side.SelectMany(exchange => new[] { exchange.Prompt, exchange.Response });
}
