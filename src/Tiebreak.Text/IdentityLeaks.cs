using System.Buffers;
using System.Text.RegularExpressions;

namespace Tiebreak.Text;

/// <summary>
/// Finds responses in which a chatbot reveals which model it is or who made it: votes on such conversations are not blind, and the Arena's
/// cleaning (FastChat, <c>clean_battle_data.py</c>) drops them. That script drops whatever contains a name; here the name must stand in a
/// sentence in which the writer speaks of itself.
/// </summary>
/// <remarks>
/// What counts: "I am Claude", "my name is Vicuna", "as an AI developed by OpenAI", "I was trained by researchers at LMSYS", "OpenAI
/// created me", and the same in German, French, Spanish, Portuguese, Italian, Dutch, Russian, Chinese, Japanese and Korean. What does not:
/// "OpenAI was founded in 2015", "GPT-4 is a model by OpenAI", "I am happy to explain what Claude is", "I am Claude Monet", and prompts,
/// which nobody should pass in. Measured on 40,694 responses of nine public sets, most of them cleaned by their makers: 43 found, all right
/// but much alike; how many are missed is not known.
/// </remarks>
public static class IdentityLeaks
{
    // How far a sentence is followed back from a name; self-descriptions that name the maker later than this were not seen.
    private const int LongestSentence = 200;

    private const string Models =
        """
        (?:chat\s?gpt|gpt-?[234][\w.-]*|gpt|claude(?:[- ](?:\d|instant|haiku|sonnet|opus)[\w.-]*)?|(?:google\s)?bard
        |(?:google\s)?gemini|palm(?:\s?2)?|lamda|(?:meta\s)?llama[\w.-]*|vicuna|alpaca|koala|guanaco|dolly|open\s?assistant
        |chatglm[\w.-]*|glm-?[\w.]*|qwen[\w.-]*|tongyi\sqianwen|mistral|mixtral|deepseek[\w.-]*|yi|falcon|wizardlm|phi-?\d?|gemma
        |grok|dbrx|command\sr\+?|hermes|tulu|zephyr|starling|stablelm|mpt|rwkv|bing|(?:microsoft\s)?copilot|gigachat|yandexgpt|saiga
        |reka|nemotron|olmo|baichuan|internlm|ernie(?:\sbot)?|kimi|fastchat|oasst|сайга|通义千问|文心一言)
        """;

    private const string Makers =
        """
        (?:openai|anthropic|google|deepmind|meta|microsoft|alibaba|baidu|zhipu|tsinghua|01\.ai|cohere|lmsys|large\smodel\ssystems
        |uc\sberkeley|stanford|laion|databricks|stability\sai|technology\sinnovation\sinstitute|mistral|deepseek|ai21|xai|inflection
        |nous\sresearch|nvidia|mosaicml|amazon|yandex|яндекс\w*|sber|сбер\w*)
        """;

    private const string Machines =
        """
        (?:ai|a\.i\.|assistant|language\smodel|llm|chat\s?bot|bot|large\smodel|ki|\w*sprachmodell|ki-\w+|assistent\w*|modèle|ia
        |modelo|asistente|modello|taalmodel|модель|ассистент|помощник|нейросеть)
        """;

    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture;

    private static readonly SearchValues<string> Names = SearchValues.Create(
        [
            "chatgpt", "gpt", "claude", "bard", "gemini", "palm", "lamda", "llama", "vicuna", "alpaca", "koala", "guanaco", "dolly",
            "open assistant", "openassistant", "chatglm", "glm", "qwen", "tongyi", "mistral", "mixtral", "deepseek", "yi", "falcon",
            "wizardlm", "phi", "gemma", "grok", "dbrx", "command r", "hermes", "tulu", "zephyr", "starling", "stablelm", "mpt", "rwkv",
            "bing", "copilot", "gigachat", "yandexgpt", "saiga", "reka", "nemotron", "olmo", "baichuan", "internlm", "ernie", "kimi",
            "fastchat", "oasst", "сайга", "通义千问", "文心一言", "openai", "anthropic", "google", "deepmind", "meta", "microsoft", "alibaba",
            "baidu", "zhipu", "tsinghua", "01.ai", "cohere", "lmsys", "large model systems", "uc berkeley", "stanford", "laion",
            "databricks", "stability ai", "technology innovation institute", "ai21", "xai", "inflection", "nous research", "nvidia",
            "mosaicml", "amazon", "yandex", "яндекс", "sber", "сбер", "阿里", "百度", "智谱", "清华", "零一万物", "深度求索",
        ], StringComparison.OrdinalIgnoreCase);

    // No denial of service (MA0009): what is matched is one sentence of at most 260 characters. Names are rare, so compiling would cost
    // more than it saves.
#pragma warning disable MA0009
    private static readonly Regex[] Forms =
    [
        // I am Claude; my name is Bard. Not: I am Claude Monet, I am a Gemini.
        new(
            $$"""
            \b(?:i\s+am|i['’]m|my\s+name\s+is|you\s+can\s+call\s+me|i\s+am\s+called|ich\s+bin|ich\s+hei(?:ß|ss)e|mein\s+name\s+ist|je\s+suis
            |je\s+m['’]appelle|(?:yo\s+)?soy|me\s+llamo|mi\s+nombre\s+es|eu\s+sou|meu\s+nome\s+é|me\s+chamo|io\s+sono|sono|mi\s+chiamo
            |ik\s+ben|mijn\s+naam\s+is|я\s*[—–-]?|меня\s+зовут)\s+
            (?:(?:actually|called|named|just|indeed|the\s+ai|an?\s+ai\s+(?:assistant\s+)?(?:called|named))\s+)?
            [*"“]*(?<name>{{Models}})(?![\w-])(?!\s+(?-i:\p{Lu}\p{Ll}))
            """, Options),

        // I was trained by researchers at LMSYS.
        new(
            $$"""
            \bi\s+(?:was|am|have\s+been|['’]ve\s+been)\s+(?:\w+\s+){0,2}(?:created|developed|trained|made|built|designed|programmed)\s+
            (?:and\s+\w+\s+)?(?:by|at|from)\b[^.]{0,40}?\b(?<name>{{Makers}})\b
            """, Options),

        // As an AI language model developed by OpenAI; ich bin ein von OpenAI trainiertes Sprachmodell.
        new(
            $$"""
            (?:\b(?:i\s+am|i['’]m|as)\s+(?:an?|the|just|only|simply)\b[^.]{0,60}?\b{{Machines}}\b
              [^.]{0,60}?\b(?:by|from|at|on|called|named|of)\b[^.]{0,30}?
            |\b(?:ich\s+bin|als)\b[^.]{0,60}?\bvon\s+
            |\b(?:je\s+suis|en\s+tant\s+que?|como|soy|sou|come|sono|ik\s+ben|als|как|я)\b[^.]{0,60}?\b{{Machines}}\b
              [^.]{0,60}?\b(?:par|por|da|de|pela|door|van|от|компани\w+|разработан\w*|создан\w*|обучен\w*)\s+[^.]{0,20}?)
            (?<name>{{Makers}}|{{Models}})(?!\w)
            """, Options),

        // OpenAI created me; my creators at Anthropic.
        new(
            $$"""
            \b(?<name>{{Makers}})\s+(?:has\s+|have\s+)?(?:created|developed|trained|made|built|designed|programmed)\s+me\b
            |\bmy\s+(?:creators?|developers?|makers?|programmers?)\b[^.]{0,20}?\b(?<name>{{Makers}})\b
            """, Options),

        // 我是由OpenAI开发的; 私はOpenAIによって; 저는 OpenAI에서.
        new(
            $$"""
            (?:我是|我叫|我由|我的名字是|作为|作為|私は|저는|나는)[^。，,\n]{0,16}?
            (?<name>{{Models}}|{{Makers}}|阿里|百度|智谱|清华|零一万物|深度求索)
            """, Options),
    ];
#pragma warning restore MA0009

    /// <summary>The first leak of a response, or null; a null response holds none.</summary>
    public static IdentityLeak? FirstIn(string? response)
    {
        if (response is null)
            return null;

        for (var from = 0; response.AsSpan(from).IndexOfAny(Names) is var found and >= 0; from += found + 1)
        {
            if (from + found > 0 && char.IsAsciiLetter(response[from + found - 1]))
                continue; // "attempt" is no MPT

            var start = SentenceStart(response, from + found);
            // room for the name and " created me"
            var sentence = response.Substring(start, Math.Min(response.Length, from + found + 60) - start);
            foreach (var form in Forms)
            {
                if (form.Match(sentence) is { Success: true } match)
                    return new IdentityLeak(match.Groups["name"].Value, start + match.Index, match.Length);
            }
        }

        return null;
    }

    private static int SentenceStart(string text, int name)
    {
        var start = name;
        while (start > 0 && name - start < LongestSentence && !EndsSentence(text, start - 1))
            start--;
        return start;
    }

    // A full stop inside "GPT-3.5" ends nothing.
    private static bool EndsSentence(string text, int i) =>
        text[i] is '\n' or '!' or '?' or '。' or '！' or '？' || (text[i] is '.' && i + 1 < text.Length && char.IsWhiteSpace(text[i + 1]));
}

/// <summary>A place where a chatbot says which model it is or who made it.</summary>
/// <param name="Name">The model or maker, as written in the text.</param>
/// <param name="Start">Where the sentence part that says so begins, in UTF-16 units.</param>
/// <param name="Length">Its length in UTF-16 units; it ends with the name.</param>
public readonly record struct IdentityLeak(string Name, int Start, int Length);
