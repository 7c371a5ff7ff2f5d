using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Questions about a topic that can be asked in every language of the sample.</summary>
internal static class TopicFamilies
{
    private static readonly Entry[] EnglishTopics = [.. Library.English.Topics];

    public static Script Explain(Dice dice, Tongue tongue) => Ask(dice, tongue, "ask.explain", TopicAnswers.Explain, Shape);

    public static Script Begin(Dice dice, Tongue tongue) => Ask(dice, tongue, "ask.start", TopicAnswers.Begin, Shape);

    public static Script Warn(Dice dice, Tongue tongue) => Ask(dice, tongue, "ask.slips", TopicAnswers.Warn, (_, _, draft) => (draft, ""));

    public static Script Judge(Dice dice, Tongue tongue) => Ask(dice, tongue, "ask.myth", TopicAnswers.Judge, (_, _, draft) => (draft, ""));

    public static Script List(Dice dice, Tongue tongue)
    {
        // Topics have five facts in English and four in the other languages.
        var count = dice.Between(3, tongue == Library.English ? 5 : 4);
        return Ask(dice, tongue, "ask.facts", (d, t, topic) => TopicAnswers.List(d, t, topic, count), (_, _, draft) => (draft, ""), count);
    }

    public static Script Liken(Dice dice)
    {
        var topic = dice.Pick(EnglishTopics);
        var prompt = Frame.Fill(Library.English.Say(dice, "ask.like"), ("x", topic.Name));
        return new Script(
            new Exchange(prompt, TopicAnswers.Single(topic, "a") with { Form = Form.Free }), Next(dice, Library.English, topic));
    }

    private static Script Ask(
        Dice dice,
        Tongue tongue,
        string key,
        Func<Dice, Tongue, Entry, Draft> answer,
        Func<Dice, Tongue, Draft, (Draft Draft, string Wish)> shape,
        int count = 0)
    {
        var topic = dice.Pick(tongue.Topics);
        var question = Frame.Fill(
            tongue.Say(dice, key),
            ("x", key.EndsWith("myth", StringComparison.Ordinal) ? topic.One("x") : topic.Name),
            ("who", tongue.Say(dice, "who")),
            ("n", Frame.Number(count)));
        var english = topic.All("en") is [var name, ..] ? EnglishTopic(name) : null;
        var (wanted, wish) = shape(dice, tongue, new Draft());

        // Several answers in different words and order; each model takes one.
        List<Draft> variants = [];
        for (var i = 0; i < 4; i++)
        {
            var variant = answer(dice, tongue, topic);
            variants.Add(wanted.Form == Form.Free ? variant : variant with { Form = wanted.Form, Count = wanted.Count });
        }

        var draft = new Draft { Variants = variants, InEnglish = english is null ? null : answer(dice, Library.English, english) };

        var context = dice.Chance(0.4) ? tongue.Say(dice, "ctx") : "";
        return new Script(new Exchange(Frame.Join(context, question, wish), draft), Next(dice, tongue, topic)) { Tongue = tongue };
    }

    private static Entry EnglishTopic(string name) =>
        EnglishTopics.Single(topic => string.Equals(topic.Name, name, StringComparison.Ordinal));

    private static (Draft Draft, string Wish) Shape(Dice dice, Tongue tongue, Draft draft)
    {
        var most = tongue == Library.English ? 5 : 4;
        var (form, key, low, high) = dice.Weighted([0.55, 0.2, 0.15, 0.1]) switch
        {
            0 => (Form.Free, "", 0, 0),
            1 => (Form.Sentences, "form.short", 2, 4),
            2 => (Form.Bullets, "form.bullets", 3, most),
            _ => (Form.Prose, "form.plain", 0, 0),
        };
        if (form == Form.Free) return (draft, "");
        var count = dice.Between(low, high);
        return (draft with { Form = form, Count = count }, Frame.Fill(tongue.Say(dice, key), ("n", Frame.Number(count))));
    }

    private static List<Exchange> Next(Dice dice, Tongue tongue, Entry topic) => dice.Sample<Exchange>(
        [
            new(tongue.Say(dice, "follow.example"), TopicAnswers.Single(topic, "e") with { Form = Form.Free }),
            new(tongue.Say(dice, "follow.short"), TopicAnswers.Single(topic, "d")),
            new(tongue.Say(dice, "follow.start"), TopicAnswers.Begin(dice, tongue, topic)),
            new(tongue.Say(dice, "follow.slip"), TopicAnswers.Warn(dice, tongue, topic)),
            new(tongue.Say(dice, "follow.thanks"), new Draft { Lead = tongue.Say(dice, "thanks"), Chat = true }),
        ],
        5);
}
