using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Larger English tasks on a topic: comparing, summarising, planning a lesson, arguing.</summary>
internal static class EssayFamilies
{
    private static readonly IReadOnlyList<Entry> Topics = Library.English.Topics;

    private static readonly string[] Questions =
        [
            "What will still matter to you in *five years*?", "Can the decision be undone, and what would that cost?",
            "Whom does it affect besides you?", "What would you advise a friend?",
        ];

    public static Script Compare(Dice dice)
    {
        var one = dice.Pick(Topics);
        var two = dice.Pick([.. Topics.Where(topic => topic != one && string.Equals(
            topic.One("c"), one.One("c"), StringComparison.Ordinal))]);
        var prompt = Frame.Join(
            Context(dice, 0.3),
            Frame.Fill(
                dice.PickOne(
                    "What do {a} and {b} have in common, and where do they differ?",
                    "Compare {a} and {b}.",
                    "Which is easier to explain to a newcomer, {a} or {b}?",
                    "I keep mixing up {a} and {b}. Help?",
                    "Write a comparison of {a} with {b} {for}."),
                ("a", one.Name), ("b", two.Name), ("for", For(dice))));
        return Script.Of(prompt, new Draft
        {
            Comments = "more",
            Essential = 2,
            Lead = Frame.Join(one.One("d"), two.One("d")),
            Blunder = Frame.Capital(one.One("x")) + ".",
            Sections =
            [
                Section.Of(Frame.Capital(one.Name), dice.Sample(one.All("f"), 3)),
                Section.Of(Frame.Capital(two.Name), dice.Sample(two.All("f"), 3)),
                Section.Of("In everyday words", [one.One("a"), two.One("a")]),
                new Section(
                    "Examples", [new Point(one.One("e"), Frame.Capital(one.Name)), new Point(two.One("e"), Frame.Capital(two.Name))]),
                Section.Of("Misunderstandings", [one.One("t"), two.One("t")]),
            ],
        });
    }

    public static Script Summarise(Dice dice)
    {
        var topic = dice.Pick(Topics);
        var passage = Passage(dice, topic, 4);
        var count = dice.Between(1, 2);
        var prompt = dice.PickOne(
            "Summarise this in {n}:", "Give me the gist of the following text in {n}.", "tl;dr in {n} please:", "Shorten this to {n}:");
        return Script.Of(
            Frame.Fill(prompt, ("n", count == 1 ? "one sentence" : "two sentences")) + "\n\n" + passage,
            new Draft
            {
                Lead = topic.One("d"),
                Blunder = Frame.Capital(topic.One("x")) + ".",
                Form = Form.Sentences,
                Count = count,
                Sections = [Section.Of("Details", dice.Sample(topic.All("f"), 4))],
            });
    }

    public static Script Keywords(Dice dice)
    {
        var topic = dice.Pick(Topics);
        var facts = dice.Sample(topic.All("f"), 4);
        var keys = facts.SelectMany(fact => fact.Split('*').Where((_, i) => i % 2 == 1)).ToList();
        var prompt = dice.PickOne(
            "Extract the keywords from this text:", "Which terms would you put in the index for this paragraph?",
            "List the key terms, separated by commas.");
        return Script.Of(
            prompt + "\n\n" + Frame.Plain(string.Join(' ', facts)),
            new Draft
            {
                Lead = Frame.Capital(string.Join(", ", keys)) + ".",
                WrongLead = "The text, paragraph, important, things, people, many.",
                Chat = true,
            });
    }

    public static Script Quiz(Dice dice)
    {
        var topic = dice.Pick(Topics);
        var count = dice.Between(2, 4);
        var prompt = Frame.Join(Context(dice, 0.4), Frame.Fill(
            dice.PickOne(
                "Make {n} quiz questions about {x}, with answers.",
                "I need {n} true-or-false statements on {x} {for}, with solutions.",
                "Write a short test on {x}: {n} statements that are right or wrong."),
            ("n", Frame.Number(count)), ("x", topic.Name), ("for", For(dice))));
        var points = dice.Sample(topic.All("f"), count - 1).Select(fact => new Point($"{fact} (true)", "Statement")).ToList();
        points.Insert(dice.Between(0, points.Count), new Point($"{Frame.Capital(topic.One("x"))}. (false: {topic.One("t")})", "Statement"));
        return Script.Of(prompt, new Draft
        {
            Blunder = $"{Frame.Capital(topic.One("x"))}. (true)",
            Sections = [new Section("Quiz", points, Ordered: true), Section.Of("Background", [topic.One("d"), topic.One("e")])],
        });
    }

    public static Script Lesson(Dice dice)
    {
        var topic = dice.Pick(Topics);
        var minutes = dice.Between(3, 9) * 10;
        var prompt = Frame.Fill(
            dice.PickOne(
                "Plan a lesson of {m} minutes on {x} for {group}.",
                "I have {m} minutes to teach {group} something about {x}. What would you do?",
                "Draft the agenda of a {m}-minute workshop about {x} for {group}."),
            ("m", Frame.Number(minutes)), ("x", topic.Name), ("group", Group(dice)));
        List<Point> points =
        [
            new($"Ask what everybody knows about {topic.Name}.", $"{Frame.Number(minutes / 10)} min, opening"),
            new(topic.One("d"), $"{Frame.Number(minutes / 5)} min, input"),
            .. topic.All("s").Take(2).Select(step => new Point(step, $"{Frame.Number(minutes / 4)} min, exercise")),
            new($"Discuss: \"{Frame.Capital(topic.One("x"))}.\" {topic.One("t")}", $"{Frame.Number(minutes / 10)} min, discussion"),
        ];
        return Script.Of(prompt, new Draft
        {
            Sections = [new Section("Plan", points, Ordered: true), Section.Of("Material", dice.Sample(topic.All("f"), 3))],
            Blunder = $"Explain that {topic.One("x")}.",
        });
    }

    public static Script Outline(Dice dice)
    {
        var topic = dice.Pick(Topics);
        var prompt = Frame.Join(Context(dice, 0.3), Frame.Fill(
            dice.PickOne(
                "Outline an essay on {x} {for}.",
                "Give me the structure of an article on {x} with a surprising beginning.",
                "I want to write about {x}. Which headings would you use?",
                "Sketch a podcast episode on {x} {for}."),
            ("x", topic.Name), ("for", For(dice))));
        List<Point> points =
        [
            new(topic.One("e"), "Opening scene"),
            new(topic.One("d"), "What it is about"),
            .. dice.Sample(topic.All("f"), 2).Select(fact => new Point(fact, "Background")),
            new($"{topic.One("t")}", "A misunderstanding"),
            new(topic.One("a"), "Closing image"),
        ];
        return Script.Of(
            prompt,
            new Draft
            {
                Comments = "more.plan",
                Sections =
                [
                    new Section("Outline", points, Ordered: true),
                    Section.Of("Research", topic.All("s")),
                    Section.Of("Facts to use", dice.Sample(topic.All("f"), 3)),
                ],
            });
    }

    public static Script Argue(Dice dice)
    {
        var choice = dice.Pick(Library.Choices);
        var (one, two) = (choice.Name, choice.One("v2"));
        var prompt = Frame.Join(
            dice.Chance(0.6) ? Life(dice) : "",
            Frame.Fill(
                dice.PickOne(
                    "What are the pros and cons of {a} compared with {b}?",
                    "{A} or {b}?",
                    "Should I go for {a} or {b}?",
                    "Help me decide between {a} and {b}.",
                    "Argue for {a} and against {b}, then the other way round."),
                ("a", one), ("A", Frame.Capital(one)), ("b", two)));
        return Script.Of(prompt, new Draft
        {
            Comments = "more",
            Essential = 2,
            Lead = choice.One("v"),
            WrongLead = $"There is no difference between {one} and {two}.",
            Sections =
            [
                Section.Of($"For {one}", choice.All("g")), Section.Of($"For {two}", choice.All("b")),
                Section.Of("Questions to ask yourself", Questions),
            ],
        });
    }

    private static string Passage(Dice dice, Entry topic, int facts) =>
        Frame.Plain(Frame.Join(
            topic.One("d"), string.Join(' ', dice.Sample(topic.All("f"), facts)), dice.Chance(0.5) ? topic.One("e") : ""));

    private static string Context(Dice dice, double share) => dice.Chance(share) ? Library.English.Say(dice, "ctx") : "";

    private static string For(Dice dice) => "for" + Library.English.Say(dice, "who")[2..];

    private static string Group(Dice dice) => dice.PickOne(
        "eight pensioners", "a class of twelve-year-olds", "new apprentices", "my colleagues", "scouts", "evening-school students",
        "a youth club", "volunteers");

    private static string Life(Dice dice) => dice.PickOne(
        "I am 24 and just finished my training.", "We have two small children.", "I am retiring next year.",
        "I live alone and earn an average wage.",
        "My partner and I disagree.", "I travel a lot for work.", "I have thought about this for months.", "Money is tight this year.",
        "I am a student in my third year.");
}
