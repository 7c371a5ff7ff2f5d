using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Sets that say which response was chosen and which rejected: Anthropic's HH-RLHF (transcripts), binarised UltraFeedback (message lists
/// or texts, with ratings), and the layout of TRL, LLaMA-Factory and RewardBench. Turns before the last are what both conversations have
/// in common. On which side the chosen response comes is drawn from the texts and <see cref="BattleReadOptions.SideSeed"/>, so that
/// neither the order of the rows nor their ids matter. Equal ratings are a tie.
/// </summary>
internal sealed class ChosenRejectedLayout(ulong sideSeed) : IRecordLayout
{
    private static readonly string[] Ids = ["id", "prompt_id"];
    private static readonly string[] Chosen = ["chosen", "chosen_response"];
    private static readonly string[] Rejected = ["rejected", "rejected_response"];
    private static readonly string[] Prompts = ["prompt", "instruction"];
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

    public IReadOnlyList<string> Columns { get; } =
        [
            .. Ids, .. Chosen, .. Rejected, .. Prompts, .. ChosenRatings, .. RejectedRatings, .. ChosenModels, .. RejectedModels,
            "source", "language",
        ];

    public bool Matches(IReadOnlySet<string> names) => Chosen.Any(names.Contains) && Rejected.Any(names.Contains);

    // The hash of a prompt is no identity of a row: UltraFeedback has several rows with one prompt_id.
    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("id");

    public Battle Read(Record record, RowBuilder builder)
    {
        var prompt = record.Text(record.FirstOf(Prompts));
        var chosen = Side(record, Chosen, prompt, builder);
        var rejected = Side(record, Rejected, prompt, builder);
        var key = ContentKey.Of([.. Texts(chosen), null, .. Texts(rejected)]);
        var isChosenA = (new SeededRandom(sideSeed, key.Value).NextUInt64() & 1) == 0;
        Conversation.Pair(isChosenA ? chosen : rejected, isChosenA ? rejected : chosen, builder);

        var (chosenModel, rejectedModel) = (record.Text(record.FirstOf(ChosenModels)), record.Text(record.FirstOf(RejectedModels)));
        var (better, worse) = (record.Number(record.FirstOf(ChosenRatings)), record.Number(record.FirstOf(RejectedRatings)));
        if (better < worse)
            builder.Report("has a chosen response with a lower rating than the rejected one");
        return new Battle
        {
            Id = IdOf(record, key),
            Turns = builder.Zip(),
            ModelA = isChosenA ? chosenModel : rejectedModel,
            ModelB = isChosenA ? rejectedModel : chosenModel,
            Verdict = better is not null && better == worse ? Verdict.Tie : isChosenA ? Verdict.A : Verdict.B,
            Language = record.Text("language"),
            Source = record.Text("source") ?? (record[Chosen[0]] is string text && Transcript.Is(text) ? "Anthropic/hh-rlhf" : null),
        };
    }

    private static string IdOf(Record record, ContentKey key) => record.FirstOf(Ids) switch
    {
        "id" => record.Text("id") ?? "",
        "prompt_id" => $"{record.Text("prompt_id")}-{key}",
        _ => key.ToString(),
    };

    private static List<Exchange> Side(Record record, string[] names, string? prompt, RowBuilder builder)
    {
        var name = record.FirstOf(names) ?? names[0];
        if (record[name] is not string text)
        {
            var messages = Conversation.Messages(record, name, builder);
            // LLaMA-Factory's lists hold the answer alone; what was asked stands in the prompt.
            return Conversation.Exchanges(
                messages is [{ IsAnswer: true }] && prompt is not null ? [new Message(IsAnswer: false, prompt), .. messages] : messages);
        }

        return Transcript.Is(text) ? Conversation.Exchanges(Transcript.Messages(text))
            : prompt is not null && Transcript.Is(prompt) ? Conversation.Exchanges(Transcript.Messages(prompt + text))
            : [new Exchange(prompt, text)];
    }

    private static IEnumerable<string?> Texts(List<Exchange> side) =>
        side.SelectMany(exchange => new[] { exchange.Prompt, exchange.Response });
}
