using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Writing, mending and explaining code.</summary>
internal static class CodeFamilies
{
    private static readonly string[] Tests =
    [
        "Try it with *empty* input, a single element and a normal case.",
        "Compare a small result with one that you have worked out by hand.",
        "Run it once with far more data than you expect, and watch time and memory.",
    ];

    private static readonly string[] Targets = ["Python", "JavaScript", "C#", "Java", "Go"];

    public static Script Write(Dice dice)
    {
        var entry = dice.Pick(Library.Code);
        var prompt = Frame.Join(
            dice.Chance(0.5) ? Situation(dice) : "",
            Frame.Fill(
                dice.PickOne(
                    "Write {l} code that {ask}.",
                    "How can I write something in {l} that {ask}?",
                    "I need a {l} snippet. It {ask}.",
                    "{l}: a small program that {ask}, please.",
                    "Can you show me {l} code which {ask}?"),
                ("l", entry.One("l")), ("ask", dice.Pick(entry.All("ask")))),
            dice.Chance(0.5) ? Wish(dice) : "");
        return new Script(
            new Exchange(prompt, Answer(entry)),
            dice.Sample<Exchange>(
                [
                    new(dice.PickOne("Can you explain how it works?", "I don't understand it. What does it do exactly?"), Remarks(entry)),
                    new(dice.PickOne("What can go wrong with it?", "Are there any edge cases?"), Remarks(entry)),
                    new(
                        dice.PickOne("Thanks, it works!", "Great, that did it."),
                        new Draft { Lead = dice.PickOne("Glad to hear it!", "Good to know. Happy coding!"), Chat = true }),
                ],
                3));
    }

    public static Script Explain(Dice dice)
    {
        var entry = dice.Pick(Library.Code);
        var prompt = Frame.Join(
            dice.PickOne(
                "What does this code do?", "Explain this snippet line by line.", "I found this in an old project. What is it for?",
                "Please review this code."),
            dice.PickOne(
                "", "I am new to " + entry.One("l") + ".", "I know other languages well.", "In two sentences, please.", "Is it efficient?"))
            + $"\n\n```{Tag(entry)}\n{entry.One("code")}\n```";
        return Script.Of(prompt, new Draft
        {
            Comments = "more.code",
            Lead = $"It is {entry.One("l")} code that {entry.One("ask")}. {entry.One("lead")}",
            WrongLead = dice.PickOne(
                "The code opens a connection to a server and prints the answer.",
                "It looks like a configuration file, so it does nothing by itself.",
                "It sorts the input twice and returns the larger half.", "This code does not compile, because a bracket is missing."),
            Sections = [Section.Of("Remarks", entry.All("f"))],
        });
    }

    public static Script Fix(Dice dice)
    {
        var bug = dice.Pick(Library.Bugs);
        var prompt = Frame.Join(
            dice.Chance(0.5) ? Situation(dice) : "",
            Frame.Fill(
                dice.PickOne(
                    "My {l} code is broken: {e}.", "Why is this wrong in {l}? The symptom: {e}.", "Bug hunt. This is {l}, and {e}.",
                    "Please fix this {l} code. What happens: {e}."),
                ("l", bug.One("l")), ("e", bug.One("error"))))
            + $"\n\n```{Tag(bug)}\n{bug.One("code")}\n```" + dice.PickOne(
                "", "\n\nWhat am I missing?", "\n\nPlease explain as well.", "\n\nThanks!");
        return Script.Of(prompt, new Draft
        {
            Comments = "more.code",
            Lead = bug.One("lead"),
            WrongLead = bug.One("wrong"),
            Block = new Block(bug.One("fix"), Tag(bug)),
            WrongBlock = new Block(bug.One("code"), Tag(bug)),
            Sections = [Section.Of("Remarks", bug.All("f"))],
        });
    }

    public static Script Translate(Dice dice)
    {
        var entry = dice.Pick(Library.Code);
        var target = dice.Pick([.. Targets.Where(l => !string.Equals(l, entry.One("l"), StringComparison.Ordinal))]);
        var prompt =
            $"{dice.PickOne("I want to port this to", "What should I watch out for when I rewrite this in", "How different would this look in")} {target}"
                + $"{dice.PickOne("?", "? Pitfalls only, please.", "? No code needed, only the idea.")}\n\n{entry.One("code")}";
        return Script.Of(prompt, new Draft
        {
            Comments = "more.code",
            Lead = $"The idea stays the same in {target}: {Frame.Plain(Lower(entry.One("lead")))}",
            WrongLead = $"You can paste it into a {target} file as it is; the syntax is the same.",
            Sections =
            [
                Section.Of("Mind these points",
                [
                    .. entry.All("f"),
                    $"Use the standard library of {target} where it has the same function already.",
                    "Write a test with the same inputs for both versions.",
                ]),
            ],
        });
    }

    private static Draft Answer(Entry entry) => new()
    {
        Comments = "more.code",
        Lead = entry.One("lead"),
        WrongLead = "This should do it:",
        Block = new Block(entry.One("code"), Tag(entry)),
        WrongBlock = new Block(entry.One("bad"), Tag(entry)),
        Sections = [Section.Of("Remarks", entry.All("f")), Section.Of("How to test it", Tests)],
    };

    private static Draft Remarks(Entry entry) => new()
    {
        Comments = "more.code",
        Lead = entry.One("lead"),
        Sections = [Section.Of("Remarks", entry.All("f"))],
        Blunder = "It runs in constant time, whatever the input.",
    };

    private static string Tag(Entry entry) => entry.One("l") switch
    {
        "C#" => "csharp",
        var language => language.ToLowerInvariant(),
    };

    private static string Lower(string text) => string.Concat(text[..1].ToLowerInvariant(), text.AsSpan(1));

    private static string Situation(Dice dice) => dice.PickOne(
        "I'm learning to program.", "This is for a small internal tool.", "For a job interview I have to practise this.",
        "Our build server needs it.", "I maintain a script at a school.",
        "We are not allowed to add dependencies.", "Homework, but I really want to understand it.", "I come from another language.",
        "It is for a Raspberry Pi.");

    private static string Wish(Dice dice) => dice.PickOne(
        "Please comment it.", "Keep it short.", "With a usage example.", "Standard library only.", "It should handle empty input.",
        "Code only, no explanation.", "Explain the important line.",
        "It will run on large inputs.", "Readable is more important than fast.");
}
