using System.Text.Json.Nodes;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>
/// How a battle is written for a model. Everything but the battle's own texts is a frame: it is tokenised once, with special tokens parsed,
/// and is never cut. The battle's texts are tokenised apart and as plain text, so that nobody forges a frame and a cut never moves a
/// token's border.
/// </summary>
public sealed record BattleTemplate
{
    /// <summary>The name by which commands and recipes ask for it.</summary>
    public required string Name { get; init; }

    /// <summary>The order of the texts.</summary>
    public TemplateLayout Layout { get; init; }

    /// <summary>Before everything, behind the tokenizer's own special tokens.</summary>
    public string Opening { get; init; } = "";

    /// <summary>Before each prompt; in sections before the prompts.</summary>
    public string PromptLabel { get; init; } = "";

    /// <summary>Before each response A; in sections before the responses. In transcripts before the conversation.</summary>
    public string ResponseALabel { get; init; } = "";

    /// <summary>Before each response B.</summary>
    public string ResponseBLabel { get; init; } = "";

    /// <summary>In transcripts before each response; in sections between two texts of the same section.</summary>
    public string TurnLabel { get; init; } = "";

    /// <summary>Behind each text.</summary>
    public string BodyEnd { get; init; } = "";

    /// <summary>Behind everything.</summary>
    public string Closing { get; init; } = "";

    /// <summary>Whether all of it is one message to a chat model; the frame follows from the vocabulary.</summary>
    public bool IsChat { get; init; }

    /// <summary>
    /// For encoders: the sections are parted by the tokenizer's own special tokens, <c>[CLS] prompt [SEP] A [SEP] B [SEP]</c>, and have
    /// segment numbers 0, 1, 1.
    /// </summary>
    public bool IsEncoder { get; init; }

    /// <summary>
    /// Whether the token that begins every text (BOS) is left out, be it the tokenizer's or the chat template's: some judges were published
    /// with code that removes it.
    /// </summary>
    public bool OmitsBeginning { get; init; }

    /// <summary>The templates that come with Tiebreak, by name: <c>templates.json</c>.</summary>
    public static IReadOnlyDictionary<string, BattleTemplate> ByName { get; } = TemplateJson.BuiltIn();

    /// <summary>
    /// Reads a template: the properties of this record in snake case, of which <c>layout</c> is <c>rounds</c>, <c>sections</c> or
    /// <c>transcripts</c>.
    /// </summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="keys">The keys and their values.</param>
    /// <exception cref="Core.InputException">A key is unknown, or its value impossible.</exception>
    public static BattleTemplate Parse(string name, JsonObject keys) => TemplateJson.Read(name, keys);

    /// <summary>The keys that <see cref="Parse"/> makes this template of.</summary>
    public JsonObject ToJson() => TemplateJson.Write(this);
}
