using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>Conversations of public data sets: lists of messages <c>{role, content}</c> (or <c>{from, value}</c>).</summary>
internal static class Conversation
{
    /// <summary>The messages of a column.</summary>
    public static List<Message> Messages(Record record, string name, RowBuilder builder)
    {
        var messages = new List<Message>();
        if (record.List(name) is not { } list)
        {
            builder.Report(
                $"has {(record[name] is null ? "no" : "a")} \"{name}\"{(record[name] is null ? "" : " that is not a list of messages")}");
            return messages;
        }

        foreach (var item in list)
        {
            if (MessageOf(item) is not { } message)
            {
                builder.Report($"has a message in \"{name}\" that is no object with a known role and content");
                return messages;
            }

            messages.Add(message);
        }

        return messages;
    }

    /// <summary>A single message, or null where the value is no object with a known role.</summary>
    public static Message? MessageOf(object? value) => value is Dictionary<string, object?> message && RoleOf(message) is { } isAnswer
        ? new Message(isAnswer, Content(message.GetValueOrDefault("content") ?? message.GetValueOrDefault("value")))
        : null;

    /// <summary>
    /// A content: a text, or a list of parts of which the texts are joined and anything else leaves a mark such as <c>[image]</c>.
    /// </summary>
    public static string? Content(object? content) => content switch
    {
        null => null,
        List<object?> parts => string.Join('\n', parts.Select(Part)),
        _ => Record.TextOf(content),
    };

    /// <summary>
    /// Groups messages into turns: what the person said, then what the chatbot said. Messages of one speaker in a row are joined by a
    /// blank line, and what the system said opens the first prompt.
    /// </summary>
    public static List<Exchange> Exchanges(List<Message> messages)
    {
        var exchanges = new List<Exchange>();
        for (var i = 0; i < messages.Count;)
        {
            var prompt = Joined(messages, ref i, isAnswer: false);
            exchanges.Add(new Exchange(prompt, Joined(messages, ref i, isAnswer: true)));
        }

        return exchanges;
    }

    /// <summary>The turns of a conversation that is the same on both sides up to its last prompt, and the two answers to that.</summary>
    public static Turn[] Turns(List<Message> asked, string? responseA, string? responseB)
    {
        var exchanges = Exchanges(asked);
        if (exchanges is [] or [.., { Response: not null }])
            exchanges.Add(new Exchange(Prompt: null, Response: null));
        return
        [
            .. exchanges[..^1].Select(exchange => new Turn(exchange.Prompt, exchange.Response, exchange.Response)),
            new Turn(exchanges[^1].Prompt, responseA, responseB),
        ];
    }

    /// <summary>Puts the two sides together; where they saw different prompts the row has a problem.</summary>
    public static void Pair(List<Exchange> sideA, List<Exchange> sideB, RowBuilder builder)
    {
        var longer = sideA.Count >= sideB.Count ? sideA : sideB;
        for (var i = 0; i < Math.Min(sideA.Count, sideB.Count); i++)
        {
            if (string.Equals(sideA[i].Prompt, sideB[i].Prompt, StringComparison.Ordinal))
                continue;
            builder.Report($"has different prompts on its two sides in turn {i + 1}");
            break;
        }

        builder.Prompts.AddRange(longer.Select(exchange => exchange.Prompt));
        builder.ResponsesA.AddRange(sideA.Select(exchange => exchange.Response));
        builder.ResponsesB.AddRange(sideB.Select(exchange => exchange.Response));
    }

    private static bool? RoleOf(Dictionary<string, object?> message) => (message.GetValueOrDefault("role")
        ?? message.GetValueOrDefault("from")) switch
    {
        "user" or "human" or "system" or "developer" or "tool" or "observation" => false,
        "assistant" or "gpt" or "function_call" => true,
        _ => null,
    };

    private static string Part(object? part) => part switch
    {
        Dictionary<string, object?> map when (map.GetValueOrDefault("text") ?? map.GetValueOrDefault("value")) is string text => text,
        Dictionary<string, object?> map => $"[{map.GetValueOrDefault("type") as string ?? "attachment"}]",
        string text => text,
        _ => "[attachment]",
    };

    private static string? Joined(List<Message> messages, ref int next, bool isAnswer)
    {
        string? joined = null;
        for (; next < messages.Count && messages[next].IsAnswer == isAnswer; next++)
            joined = joined is null ? messages[next].Text : $"{joined}\n\n{messages[next].Text}";
        return joined;
    }
}

/// <summary>What one side of a battle saw and said in a turn.</summary>
internal readonly record struct Exchange(string? Prompt, string? Response);
