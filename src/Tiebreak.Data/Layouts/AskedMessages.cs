using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>What was asked, in the spellings of preference sets.</summary>
internal static class AskedMessages
{
    private static readonly string[] Prompts =
        ["prompt", "instruction", "question", "query", "context", "conversations", "messages", "input"];

    /// <summary>The columns that are read.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["system", "history", .. Prompts];

    /// <summary>True if the row has a column for the prompt, with a value or without.</summary>
    public static bool AreIn(Record record) => Prompts.Any(record.Has);

    /// <summary>
    /// The messages before the responses: what the system says, the questions and answers of <c>history</c>, and the prompt, which is a
    /// text or a list of messages. An <c>instruction</c> goes on with its <c>input</c>.
    /// </summary>
    public static List<Message> Read(Record record, RowBuilder builder)
    {
        var messages = new List<Message>();
        if (record.Text("system") is { Length: > 0 } system)
            messages.Add(new Message(IsAnswer: false, system));
        if (record["history"] is List<object?> history)
        {
            foreach (var exchange in history)
            {
                if (exchange is List<object?> and [string question, string answer])
                    messages.AddRange([new Message(IsAnswer: false, question), new Message(IsAnswer: true, answer)]);
                else
                    builder.Report("has a \"history\" that is not a list of questions with their answers");
            }
        }

        if (record.FirstOf(Prompts) is { } name)
        {
            messages.AddRange(record[name] switch
            {
                List<object?> => Conversation.Messages(record, name, builder),
                Dictionary<string, object?> input => Conversation.Messages(new Record(input, builder), "messages", builder), // OpenAI's
                _ => [new Message(IsAnswer: false, name is "instruction" ? Instruction(record) : record.Text(name))],
            });
        }

        return messages;
    }

    /// <summary>The instruction, with its input behind a blank line where it has one.</summary>
    public static string? Instruction(Record record)
    {
        var (instruction, input) = (record.NeededText("instruction"), record.Text("input"));
        return string.IsNullOrEmpty(input) ? instruction : $"{instruction}\n\n{input}";
    }
}
