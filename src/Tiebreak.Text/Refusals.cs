namespace Tiebreak.Text;

/// <summary>
/// Phrases by which chatbots refuse, apologise or speak of themselves as a machine, in the languages that are most frequent in the Arena.
/// Written for this project from what chatbots commonly say.
/// </summary>
public static class Refusals
{
    private static readonly Phrases Refusing = new(
        [
            "i can't assist", "i cannot assist", "i can't help with", "i cannot help with", "i can't provide",
            "i cannot provide", "i'm unable to",
            "i am unable to", "i'm not able to", "i am not able to", "i won't be able to", "i can't fulfill",
            "i cannot fulfill", "i can't create",
            "i cannot create", "i can't generate", "i cannot generate", "i can't engage", "i cannot engage",
            "not comfortable", "against my programming",
            "it is not appropriate", "it's not appropriate", "would not be appropriate", "violates", "i must decline", "i have to decline",
            "ich kann dir nicht", "ich kann ihnen nicht", "ich kann das nicht", "je ne peux pas",
            "je ne suis pas en mesure", "no puedo ayudar",
            "no puedo proporcionar", "não posso", "non posso", "я не могу", "не могу помочь", "我不能", "我无法", "できません",
        ]);

    private static readonly Phrases Apologising = new(
        [
            "i'm sorry", "i am sorry", "i apologize", "i apologise", "my apologies", "unfortunately", "es tut mir leid",
            "entschuldigung", "je suis désolé",
            "désolé", "lo siento", "sinto muito", "desculpe", "mi dispiace", "извините", "к сожалению", "抱歉", "对不起", "申し訳",
        ]);

    private static readonly Phrases Disclaiming = new(
        [
            "as an ai", "as a language model", "as a large language model", "i'm just an ai", "i am just an ai", "i am an ai", "i'm an ai",
            "als ki", "als sprachmodell", "en tant qu'ia", "en tant que modèle", "como modelo de lenguaje", "como una ia",
            "como um modelo de linguagem",
            "come modello linguistico", "как языковая модель", "как ии", "作为一个人工智能", "作为一个语言模型", "作为ai", "言語モデル",
        ]);

    /// <summary>The lists, for tests of what <see cref="Phrases"/> asks of them.</summary>
    internal static IReadOnlyList<Phrases> Lists => [Refusing, Apologising, Disclaiming];

    /// <summary>How many phrases the text holds in which its writer refuses the task.</summary>
    public static int CountRefusals(string? text) => Count(text, Refusing);

    /// <summary>How many phrases the text holds in which its writer refuses the task.</summary>
    public static int CountRefusals(WordScan words) => Refusing.CountIn(words.Lower);

    /// <summary>How many apologies the text holds.</summary>
    public static int CountApologies(string? text) => Count(text, Apologising);

    /// <summary>How many apologies the text holds.</summary>
    public static int CountApologies(WordScan words) => Apologising.CountIn(words.Lower);

    /// <summary>How often the text says that a machine wrote it.</summary>
    public static int CountDisclaimers(string? text) => Count(text, Disclaiming);

    /// <summary>How often the text says that a machine wrote it.</summary>
    public static int CountDisclaimers(WordScan words) => Disclaiming.CountIn(words.Lower);

    private static int Count(string? text, Phrases phrases)
    {
        if (string.IsNullOrEmpty(text))
            return 0;

        var buffer = TextBuffer.Rent<char>(text.Length);
        var lower = buffer.AsSpan(0, text.Length);
        Casing.ToLower(text, lower);
        var count = phrases.CountIn(lower);
        TextBuffer.Return(buffer);
        return count;
    }
}
