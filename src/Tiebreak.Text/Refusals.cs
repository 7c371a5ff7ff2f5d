using System.Buffers;

namespace Tiebreak.Text;

/// <summary>
/// Phrases by which chatbots refuse, apologise or speak of themselves as a machine, in the languages that are most frequent in the Arena.
/// Written for this project from what chatbots commonly say.
/// </summary>
public static class Refusals
{
    private static readonly SearchValues<string> Refusing = Phrases(
        [
            "i can't assist", "i cannot assist", "i can't help with", "i cannot help with", "i can't provide", "i cannot provide", "i'm unable to",
            "i am unable to", "i'm not able to", "i am not able to", "i won't be able to", "i can't fulfill", "i cannot fulfill", "i can't create",
            "i cannot create", "i can't generate", "i cannot generate", "i can't engage", "i cannot engage", "not comfortable", "against my programming",
            "it is not appropriate", "it's not appropriate", "would not be appropriate", "violates", "i must decline", "i have to decline",
            "ich kann dir nicht", "ich kann ihnen nicht", "ich kann das nicht", "je ne peux pas", "je ne suis pas en mesure", "no puedo ayudar",
            "no puedo proporcionar", "não posso", "non posso", "я не могу", "не могу помочь", "我不能", "我无法", "できません",
        ]);

    private static readonly SearchValues<string> Apologising = Phrases(
        [
            "i'm sorry", "i am sorry", "i apologize", "i apologise", "my apologies", "unfortunately", "es tut mir leid", "entschuldigung", "je suis désolé",
            "désolé", "lo siento", "sinto muito", "desculpe", "mi dispiace", "извините", "к сожалению", "抱歉", "对不起", "申し訳",
        ]);

    private static readonly SearchValues<string> Disclaiming = Phrases(
        [
            "as an ai", "as a language model", "as a large language model", "i'm just an ai", "i am just an ai", "i am an ai", "i'm an ai",
            "als ki", "als sprachmodell", "en tant qu'ia", "en tant que modèle", "como modelo de lenguaje", "como una ia", "como um modelo de linguagem",
            "come modello linguistico", "как языковая модель", "как ии", "作为一个人工智能", "作为一个语言模型", "作为ai", "言語モデル",
        ]);

    /// <summary>How many phrases the text holds in which its writer refuses the task.</summary>
    public static int CountRefusals(string? text) => Count(text, Refusing);

    /// <summary>How many apologies the text holds.</summary>
    public static int CountApologies(string? text) => Count(text, Apologising);

    /// <summary>How often the text says that a machine wrote it.</summary>
    public static int CountDisclaimers(string? text) => Count(text, Disclaiming);

    // Written with the typewriter's apostrophe above; some chatbots write the typographic one.
    private static SearchValues<string> Phrases(string[] phrases) =>
        SearchValues.Create([.. phrases, .. phrases.Select(phrase => phrase.Replace('\'', '\u2019'))], StringComparison.OrdinalIgnoreCase);

    private static int Count(string? text, SearchValues<string> phrases)
    {
        var rest = text.AsSpan();
        var count = 0;
        while (rest.IndexOfAny(phrases) is var start and >= 0)
        {
            count++;
            rest = rest[(start + 1)..];
        }

        return count;
    }
}
