using System.Text;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Tokenization.Jinja;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Chat;

/// <summary>
/// The chat template of a published model: a Jinja template that writes a conversation as the model was trained to read it. It is rendered
/// as <c>apply_chat_template</c> of the transformers library does it. Templates come from strangers: rendering is bounded in time and
/// memory. Safe to use from many threads.
/// </summary>
public sealed class ChatTemplate
{
    private readonly JinjaTemplate _template;

    private ChatTemplate(string source, IReadOnlyDictionary<string, string> specialTokens)
    {
        (Source, SpecialTokens) = (source, specialTokens);
        _template = JinjaTemplate.Parse(source);
    }

    /// <summary>The template as it is written.</summary>
    public string Source { get; }

    /// <summary>
    /// The tokens that the template may name: <c>bos_token</c>, <c>eos_token</c> and so on. One that is not set is undefined.
    /// </summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="specialTokens">The tokens that it may name; null: none.</param>
    /// <exception cref="TiebreakException">It is no template, or uses a part of Jinja that Tiebreak lacks: which.</exception>
    public static ChatTemplate Parse(string source, IReadOnlyDictionary<string, string>? specialTokens = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ChatTemplate(source, specialTokens ?? new Dictionary<string, string>(StringComparer.Ordinal));
    }

    /// <summary>
    /// The template of a model's folder: <c>chat_template.jinja</c> and the named ones in <c>additional_chat_templates</c>, else what
    /// <c>tokenizer_config.json</c> or <c>chat_template.json</c> holds.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Which of several; the usual one is called <c>default</c>.</param>
    /// <returns>The template, or null where the folder has none of this name.</returns>
    /// <exception cref="InputException">A file is damaged, or the template cannot be read.</exception>
    public static ChatTemplate? Find(string folder, string name = "default")
    {
        ArgumentNullException.ThrowIfNull(folder);
        return ChatTemplateFiles.Read(folder).TryGetValue(name, out var source) ? ParseOf(folder, source, folder) : null;
    }

    /// <summary>The template in a file of its own.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">The model's folder, whose special tokens the template may name; null: none.</param>
    /// <exception cref="InputException">The file is not there, or is no template that can be read.</exception>
    public static ChatTemplate Read(string file, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return ParseOf(file, Encoding.UTF8.GetString(FileContent.Read(file)), folder);
    }

    /// <summary>Writes a conversation.</summary>
    /// <param name="messages">The messages, a list of objects with <c>role</c> and <c>content</c>.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of the model's answer stands at the end.</param>
    /// <param name="variables">
    /// Further variables, an object: <c>tools</c>, <c>documents</c>, what the model's template knows besides. They stand before
    /// <see cref="SpecialTokens"/>. An undefined element: none.
    /// </param>
    /// <param name="now">The time that templates see which ask for it.</param>
    /// <exception cref="TiebreakException">The template refuses the conversation, or reaches a bound.</exception>
    public string Render(JsonElement messages, bool addGenerationPrompt, JsonElement variables, DateTime now)
    {
        var meter = new Meter();
        return _template.Render(
            [
                ("tools", NoneValue.Instance), ("documents", NoneValue.Instance), ("messages", JsonValues.Read(messages, meter)),
                ("add_generation_prompt", BooleanValue.Of(addGenerationPrompt)), .. Given(variables, meter),
            ],
            meter, now);
    }

    /// <summary>Renders the template with nothing but some variables, as any other Jinja template.</summary>
    /// <param name="variables">The variables, an object. An undefined element: none.</param>
    /// <param name="now">The time that templates see which ask for it.</param>
    /// <exception cref="TiebreakException">The template refuses, or reaches a bound.</exception>
    public string Render(JsonElement variables, DateTime now)
    {
        var meter = new Meter();
        return _template.Render(Given(variables, meter), meter, now);
    }

    private static ChatTemplate ParseOf(string place, string source, string? folder)
    {
        try
        {
            return Parse(source, folder is null ? null : SpecialTokenFiles.Read(folder));
        }
        catch (JinjaException exception)
        {
            throw new InputException($"The chat template of {place} cannot be used. {exception.Message}", exception);
        }
    }

    private IEnumerable<(string Name, Value Value)> Given(JsonElement variables, Meter meter)
    {
        var tokens = SpecialTokens.Select(token => (token.Key, (Value)new StringValue(token.Value)));
        return JsonValues.Read(variables, meter) is DictValue given
            ? tokens.Concat(given.Entries.Select(entry => (((StringValue)entry.Key).Text, entry.Value)))
            : tokens;
    }
}
