namespace Tiebreak.Tokenization.Budgets;

/// <summary>
/// How a battle is written for a model. Everything but the battle's own texts is a frame: it is tokenised once, with special tokens parsed, and is
/// never cut. The battle's texts are tokenised apart and as plain text, so that nobody forges a frame and a cut never moves a token's border.
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
    /// For encoders: the sections are parted by the tokenizer's own special tokens, <c>[CLS] prompt [SEP] A [SEP] B [SEP]</c>, and have segment
    /// numbers 0, 1, 1.
    /// </summary>
    public bool IsEncoder { get; init; }

    /// <summary>The templates by name.</summary>
    public static IReadOnlyDictionary<string, BattleTemplate> ByName { get; } = new[]
    {
        new BattleTemplate
        {
            Name = "sections",
            Layout = TemplateLayout.Sections,
            PromptLabel = "<prompt>: ",
            ResponseALabel = "\n\n<response_a>: ",
            ResponseBLabel = "\n\n<response_b>: ",
            TurnLabel = "\n\n",
        },
        new BattleTemplate
        {
            Name = "rounds",
            PromptLabel = "\n\n<prompt>: ",
            ResponseALabel = "\n\n<response_a>: ",
            ResponseBLabel = "\n\n<response_b>: ",
        },
        new BattleTemplate
        {
            Name = "transcripts",
            Layout = TemplateLayout.Transcripts,
            PromptLabel = "\n\nUser: ",
            TurnLabel = "\n\nAssistant: ",
            ResponseALabel = "# Conversation with A",
            ResponseBLabel = "\n\n# Conversation with B",
        },
        Quoted("quoted") with { Closing = "Which response would people prefer: A, B or tie?\n" },
        Quoted("chat") with { IsChat = true, Closing = "Answer with A, B or tie." },
        new BattleTemplate { Name = "encoder", Layout = TemplateLayout.Sections, TurnLabel = "\n", IsEncoder = true },
    }.ToDictionary(template => template.Name, StringComparer.Ordinal);

    /// <summary>Triple-quoted texts under headings.</summary>
    private static BattleTemplate Quoted(string name) => new()
    {
        Name = name,
        Opening = "Two chatbots answered the same person.\n\n",
        PromptLabel = "# Prompt\n\"\"\"\n",
        ResponseALabel = "# Response A\n\"\"\"\n",
        ResponseBLabel = "# Response B\n\"\"\"\n",
        BodyEnd = "\n\"\"\"\n\n",
    };
}
