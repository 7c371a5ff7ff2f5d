using System.Globalization;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Data.Topics;
using Tiebreak.Text;

namespace Tiebreak.App.Topics;

/// <summary>Finds what people asked about in battles, and on which topics models differ.</summary>
public sealed record FindTopics
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Makes vectors of prompts; null: prompts are told by their words.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>How many topics; null for about the square root of half the different prompts.</summary>
    public int? Count { get; init; }

    /// <summary>A CSV file to write with the topic and the tokens of every battle; null for none.</summary>
    public string? Out { get; init; }

    /// <summary>Counts tokens.</summary>
    public TokenCounter Tokens { get; init; } = TokenCounter.Estimate;

    /// <summary>Finds the topics.</summary>
    /// <exception cref="InputException">The data cannot be used, or holds no prompt.</exception>
    public async Task<TopicsDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var report = await PromptTopics.FindAsync(
            set.Battles, Embedder, Count, context.Seed, context.Threads, cancellationToken).ConfigureAwait(false);
        if (report.Topics.Count == 0)
            throw new InputException($"{string.Join(", ", Data)}: no battle has a prompt, so there are no topics.");

        if (Embedder is not null)
            UnreadTexts.Note(context, Embedder, report.Worded, "prompt", "told by words instead of meaning, in topics of their own");

        if (Out is not null)
            AtomicFile.WriteText(Out, Assignments(set.Battles, report));
        return new TopicsDocument(set.Battles, report, Out);
    }

    private string Assignments(IReadOnlyList<Battle> battles, TopicReport report)
    {
        var csv = new StringBuilder("id,topic,title,area,area_title,cosine,prompt_tokens,response_a_tokens,response_b_tokens\n");
        foreach (var (battle, place) in battles.Zip(report.Battles))
        {
            csv.Append(CsvText.Quote(battle.Id)).Append(',');
            if (place is { } found && report.Topics[found.Topic] is var topic)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{found.Topic},{CsvText.Quote(topic.Title)},{topic.Area},")
                    .Append(CultureInfo.InvariantCulture, $"{CsvText.Quote(report.Areas[topic.Area])},{found.Cosine:F4}");
            }
            else
            {
                csv.Append(",,,,");
            }

            foreach (var part in (Func<Turn, string?>[])[turn => turn.Prompt, turn => turn.ResponseA, turn => turn.ResponseB])
                csv.Append(CultureInfo.InvariantCulture, $",{TokensOf(battle, part)}");
            csv.Append('\n');
        }

        return csv.ToString();
    }

    private int TokensOf(Battle battle, Func<Turn, string?> part) =>
        battle.Turns.Sum(turn => part(turn) is { Length: > 0 } text ? Tokens.Count(text) : 0);
}
