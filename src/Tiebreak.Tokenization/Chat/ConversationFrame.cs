using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Chat;

/// <summary>
/// What a chat template puts around the texts of a conversation. It is found out by rendering placeholders in the place of the texts, so
/// that the real ones can be tokenised apart: cut to a budget, and as plain text, in which nobody forges the end of a turn.
/// </summary>
internal sealed class ConversationFrame(ChatTemplate template)
{
    // A template may name the day; a judge's answers must not depend on it. Llama 3's templates name this one where they know none.
    private static readonly DateTime Today = new(2024, 7, 26, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly ConcurrentDictionary<(int Turns, bool EndsWithAnswer), Frame> _frames = new();

    /// <summary>A conversation that ends with the assistant's answer.</summary>
    /// <param name="turns">How many prompts and answers it has.</param>
    /// <exception cref="InputException">The template refuses such a conversation, or does not show its texts.</exception>
    public Frame Answered(int turns) => _frames.GetOrAdd((turns, true), _ => Find(turns, endsWithAnswer: true));

    /// <summary>One message of the user, and behind it the beginning of the answer.</summary>
    /// <exception cref="InputException">The template refuses such a conversation, or does not show its text.</exception>
    public Frame Asked() => _frames.GetOrAdd((1, false), _ => Find(1, endsWithAnswer: false));

    private Frame Find(int turns, bool endsWithAnswer)
    {
        string[] texts = [.. Enumerable.Range(0, endsWithAnswer ? 2 * turns : 1).Select(i => $"PLACE{i}HOLDER")];
        var plain = Split(Render(texts), texts);
        var spaced = Split(Render([.. texts.Select(text => $" \n{text}\n ")]), texts);
        return new Frame(
            plain,
            [.. texts.Select((_, i) => !spaced[i].EndsWith(plain[i] + " \n", StringComparison.Ordinal))],
            [.. texts.Select((_, i) => !spaced[i + 1].StartsWith("\n " + plain[i + 1], StringComparison.Ordinal))]);

        string Render(string[] texts)
        {
            var messages = new JsonArray([.. texts.Select((text, i) => (JsonNode)new JsonObject
            {
                ["role"] = i % 2 == 0 ? "user" : "assistant",
                ["content"] = text,
            })]);
            using var json = JsonDocument.Parse(messages.ToJsonString());
            try
            {
                return template.Render(json.RootElement, addGenerationPrompt: !endsWithAnswer, variables: default, Today);
            }
            catch (TiebreakException exception)
            {
                throw Unusable($"it stops with: {exception.Message}", exception);
            }
        }
    }

    // What stands before, between and behind the texts.
    private static string[] Split(string rendered, string[] texts)
    {
        var parts = new string[texts.Length + 1];
        var start = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var found = rendered.IndexOf(texts[i], start, StringComparison.Ordinal);
            if (found < 0 || rendered.LastIndexOf(texts[i], StringComparison.Ordinal) != found)
                throw Unusable("it does not show every text of a conversation once and unchanged");
            parts[i] = rendered[start..found];
            start = found + texts[i].Length;
        }

        parts[^1] = rendered[start..];
        return parts;
    }

    private static InputException Unusable(string why, Exception? cause = null) => new(
        $"The model's chat template cannot write a battle: {(why.EndsWith('.') ? why : why + ".")} Set chat_template to a Jinja file that "
        + "can, or to vocabulary: then the turn markers that the tokenizer's vocabulary has are used.", cause);

    /// <summary>The words around the texts of a conversation.</summary>
    /// <param name="Parts">Before the first text, between texts, behind the last: one more than there are texts.</param>
    /// <param name="TrimsStart">For each text, whether the template takes white space away before it.</param>
    /// <param name="TrimsEnd">For each text, whether it does so behind it.</param>
    internal sealed record Frame(IReadOnlyList<string> Parts, IReadOnlyList<bool> TrimsStart, IReadOnlyList<bool> TrimsEnd)
    {
        /// <summary>A text as the template would show it.</summary>
        public string Trim(int text, string content)
        {
            content = TrimsStart[text] ? PythonText.StripStart(content) : content;
            return TrimsEnd[text] ? PythonText.StripEnd(content) : content;
        }
    }
}
