using System.IO.Compression;
using System.Text.Json;
using CsCheck;
using Tiebreak.Testing;
using Tiebreak.Text.Languages;

namespace Tiebreak.Text.Tests.Languages;

public sealed class LanguageIdentifierTests
{
    [Theory]
    [InlineData("English", "How do I bake a cake without eggs?")]
    [InlineData("German", "Wie backe ich einen Kuchen ohne Eier?")]
    [InlineData("French", "Comment faire un gâteau sans œufs ?")]
    [InlineData("Spanish", "¿Cómo puedo hacer un pastel sin huevos?")]
    [InlineData("Portuguese", "Como eu posso fazer um bolo sem ovos?")]
    [InlineData("Italian", "Come posso fare una torta senza uova?")]
    [InlineData("Dutch", "Hoe kan ik een taart zonder eieren bakken?")]
    [InlineData("Polish", "Jak mogę upiec ciasto bez jajek?")]
    [InlineData("Czech", "Jak můžu upéct dort bez vajec?")]
    [InlineData("Hungarian", "Hogyan süthetek tortát tojás nélkül, és mi kell hozzá?")]
    [InlineData("Romanian", "Cum pot să fac o prăjitură fără ouă?")]
    [InlineData("Swedish", "Hur kan jag baka en tårta utan ägg?")]
    [InlineData("Finnish", "Miten voin leipoa kakun ilman munia?")]
    [InlineData("Turkish", "Yumurta olmadan nasıl kek yapabilirim? Bana bir tarif yaz.")]
    [InlineData("Vietnamese", "Làm thế nào để nướng bánh mà không có trứng?")]
    [InlineData("Indonesian", "Bagaimana cara membuat kue tanpa telur? Tolong jelaskan dengan singkat karena saya harus pergi.")]
    [InlineData("Russian", "Как испечь торт без яиц?")]
    [InlineData("Ukrainian", "Як спекти торт без яєць і що для цього треба?")]
    [InlineData("Bulgarian", "Как мога да изпека торта без яйца и какво е нужно?")]
    [InlineData("Arabic", "كيف أخبز كعكة من دون بيض؟")]
    [InlineData("Persian", "چگونه می‌توانم یک کیک بدون تخم مرغ بپزم؟")]
    [InlineData("Urdu", "میں انڈوں کے بغیر کیک کیسے بنا سکتا ہوں؟")]
    [InlineData("Hindi", "मैं बिना अंडे के केक कैसे बना सकता हूँ?")]
    [InlineData("Hebrew", "איך אני יכול לאפות עוגה בלי ביצים?")]
    [InlineData("Chinese", "不用鸡蛋怎么做蛋糕?请用Python写一个计算器")]
    [InlineData("Japanese", "卵を使わずにケーキを焼く方法を教えてください。")]
    [InlineData("Korean", "달걀 없이 케이크를 어떻게 만드나요?")]
    [InlineData("Greek", "Πώς μπορώ να φτιάξω ένα κέικ χωρίς αυγά;")]
    [InlineData("Thai", "ฉันจะอบเค้กโดยไม่ใช้ไข่ได้อย่างไร")]
    public void A_question_in_one_sentence_is_enough(string language, string text) =>
        Assert.Equal(language, LanguageIdentifier.Identify(text).Name);

    [Theory]
    [InlineData("")]
    [InlineData("12 + 30 = ? 🙂")]
    [InlineData("Xq zv")]
    [InlineData("```python\nfor the in of_and: return to.is()\n```")]
    [InlineData("`the and of with`")]
    public void Code_signs_and_too_little_are_unknown(string text) =>
        Assert.Equal(new LanguageGuess(LanguageGuess.Unknown, 0), LanguageIdentifier.Identify(text));

    [Fact]
    public void Code_does_not_hide_the_language_around_it() =>
        Assert.Equal("German", LanguageIdentifier.Identify("Was macht dieser Code?\n```\nfor (the; of; and) { return with; }\n```\n").Name);

    [Fact]
    public void More_words_give_more_confidence() =>
        Assert.True(LanguageIdentifier.Identify("hello").Confidence < LanguageIdentifier.Identify(
            "hello, what is this and where are you from").Confidence);

    [Fact]
    public void There_are_as_many_languages_as_the_documentation_says() =>
        Assert.Equal(77, LanguageIdentifier.Names.Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Every_text_gets_a_listed_name_and_a_confidence_between_0_and_1() => Gen.String.Sample(text =>
    {
        var (name, confidence) = LanguageIdentifier.Identify(text);
        Assert.Contains(name, LanguageIdentifier.Names.Append(LanguageGuess.Unknown));
        Assert.InRange(confidence, 0, 1);
    });

    [Fact]
    public void Real_prompts_are_told_as_their_sources_tell_them()
    {
        // These state the language of the collection (English questions are called Chinese), or names of their own ("Norwegian (Bokmål)").
        string[] otherwise = ["zh_llmeval2_derived.jsonl.gz", "oellm_arena.jsonl.gz"];
        var (right, all) = (0, 0);
        foreach (var file in Directory.GetFiles(Repository.Shared("real", "battles"), "*.jsonl.gz")
            .Where(file => !otherwise.Contains(Path.GetFileName(file), StringComparer.Ordinal)))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                using var row = JsonDocument.Parse(line);
                if (!row.RootElement.TryGetProperty("language", out var language))
                    continue;
                var prompt = string.Join('\n', row.RootElement.GetProperty("prompt").EnumerateArray().Select(turn => turn.GetString()));
                right += string.Equals(LanguageIdentifier.Identify(prompt).Name, language.GetString(), StringComparison.Ordinal) ? 1 : 0;
                all++;
            }
        }

        // The sources name the language of the whole conversation, which is not always the prompt's.
        Assert.True(right >= 0.98 * all, $"{right} of {all} prompts");
    }
}
