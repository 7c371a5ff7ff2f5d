namespace Tiebreak.Data.Layouts;

/// <summary>A conversation in one text, as in HH-RLHF: <c>"\n\nHuman: ...\n\nAssistant: ..."</c>.</summary>
internal static class Transcript
{
    private const string Human = "\n\nHuman:";
    private const string Assistant = "\n\nAssistant:";

    /// <summary>True for a text that opens like a transcript.</summary>
    public static bool Is(string text) =>
        text.StartsWith(Human, StringComparison.Ordinal) || text.StartsWith(Assistant, StringComparison.Ordinal);

    /// <summary>The messages as they stand, without the one blank behind the colon.</summary>
    public static List<Message> Messages(string text)
    {
        var messages = new List<Message>();
        var position = 0;
        while (position < text.Length)
        {
            var isAnswer = text.AsSpan(position).StartsWith(Assistant, StringComparison.Ordinal);
            position += isAnswer ? Assistant.Length : Human.Length;
            var end = NextMessage(text, position);
            var start = position < end && text[position] == ' ' ? position + 1 : position;
            messages.Add(new Message(isAnswer, text[start..end]));
            position = end;
        }

        return messages;
    }

    private static int NextMessage(string text, int position)
    {
        var human = text.IndexOf(Human, position, StringComparison.Ordinal);
        var assistant = text.IndexOf(Assistant, position, StringComparison.Ordinal);
        return Math.Min(human < 0 ? text.Length : human, assistant < 0 ? text.Length : assistant);
    }
}
