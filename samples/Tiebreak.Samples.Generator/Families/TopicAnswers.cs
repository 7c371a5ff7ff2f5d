using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Drafts of answers about a topic, in any language.</summary>
internal static class TopicAnswers
{
    /// <summary>What it is, what matters, how to begin.</summary>
    public static Draft Explain(Dice dice, Tongue tongue, Entry topic) => new()
    {
        Comments = "more",
        Lead = Describe(dice, topic),
        Blunder = Blunder(topic),
        Sections =
        [
            Facts(dice, tongue, topic, 5),
            Example(dice, tongue, topic),
            Slips(dice, tongue, topic),
            Start(dice, tongue, topic),
            .. Tail(dice, tongue, topic, myth: true),
        ],
    };

    /// <summary>A number of facts.</summary>
    public static Draft List(Dice dice, Tongue tongue, Entry topic, int count) => new()
    {
        Comments = "more",
        Blunder = Blunder(topic),
        Count = count,
        Form = Form.Bullets,
        Sections = [Facts(dice, tongue, topic, count), Example(dice, tongue, topic), .. Tail(dice, tongue, topic, myth: true)],
    };

    /// <summary>First steps.</summary>
    public static Draft Begin(Dice dice, Tongue tongue, Entry topic) => new()
    {
        Comments = "more",
        Blunder = Blunder(topic),
        Sections =
        [
            Start(dice, tongue, topic),
            Slips(dice, tongue, topic),
            Facts(dice, tongue, topic, 3),
            Example(dice, tongue, topic),
            .. Tail(dice, tongue, topic, myth: true),
        ],
    };

    /// <summary>Whether a common belief is true.</summary>
    public static Draft Judge(Dice dice, Tongue tongue, Entry topic) => new()
    {
        Comments = "more",
        Lead = Frame.Join(tongue.Say(dice, "no"), topic.One("t")),
        WrongLead = Frame.Fill(tongue.Say(dice, "yes"), ("x", topic.One("x")), ("X", Frame.Capital(topic.One("x")))),
        Sections = [Facts(dice, tongue, topic, 3), Example(dice, tongue, topic), .. Tail(dice, tongue, topic, myth: false)],
    };

    /// <summary>What goes wrong.</summary>
    public static Draft Warn(Dice dice, Tongue tongue, Entry topic) => new()
    {
        Comments = "more",
        Lead = topic.One("m"),
        Blunder = Blunder(topic),
        Sections =
        [
            Section.Of(tongue.Say(dice, "h.facts"), [topic.One("t"), .. dice.Sample(topic.All("f"), 2)]),
            Start(dice, tongue, topic),
            .. Tail(dice, tongue, topic, myth: false),
        ],
    };

    /// <summary>One single text, such as an example or the gist.</summary>
    public static Draft Single(Entry topic, string key) =>
        new() { Lead = topic.One(key), Blunder = Blunder(topic), Form = Form.Sentences, Count = 1 };

    private static string Describe(Dice dice, Entry topic) => dice.Between(0, 3) switch
    {
        0 when topic.All("a").Count > 0 => Frame.Join(topic.One("d"), topic.One("a")),
        1 when topic.All("a").Count > 0 => Frame.Join(topic.One("a"), topic.One("d")),
        2 => Frame.Join(topic.One("d"), topic.One("e")),
        _ => topic.One("d"),
    };

    private static string Blunder(Entry topic) => Frame.Capital(topic.One("x")) + ".";

    private static Section Facts(Dice dice, Tongue tongue, Entry topic, int count) =>
        Section.Of(tongue.Say(dice, "h.facts"), dice.Sample(topic.All("f"), count));

    private static Section Start(Dice dice, Tongue tongue, Entry topic) =>
        Section.Of(tongue.Say(dice, "h.start"), topic.All("s"), ordered: true);

    private static Section Slips(Dice dice, Tongue tongue, Entry topic) => Section.Of(tongue.Say(dice, "h.slips"), topic.All("m"));

    private static Section Example(Dice dice, Tongue tongue, Entry topic) => Section.Of(tongue.Say(dice, "h.example"), topic.All("e"));

    private static List<Section> Tail(Dice dice, Tongue tongue, Entry topic, bool myth)
    {
        var sections = new List<Section>();
        if (myth)
        {
            var belief = Frame.Fill(tongue.Say(dice, "myth"), ("X", Frame.Capital(topic.One("x"))), ("t", topic.One("t")));
            sections.Add(Section.Of(tongue.Say(dice, "h.myth"), [belief]));
        }

        // Only the English topics have comparisons and neighbours.
        if (tongue != Library.English) return sections;
        sections.Add(Section.Of(tongue.Say(dice, "h.like"), topic.All("a")));
        var others = tongue.Topics.Where(other => other != topic && string.Equals(other.One("c"), topic.One("c"), StringComparison.Ordinal))
            .ToList();
        sections.Add(new Section(
            Frame.Fill(tongue.Say(dice, "h.related"), ("c", topic.One("c"))),
            [.. dice.Sample(others, 2).Select(other => new Point(other.One("d"), Frame.Capital(other.Name)))]));
        return sections;
    }
}
