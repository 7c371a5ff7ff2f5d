using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Small talk, plain facts, and requests that should be declined.</summary>
internal static class TalkFamilies
{
    public static Script Greet(Dice dice)
    {
        var (prompt, answers) = dice.Pick<(string, string[])>(
        [
            ("hi", ["Hello! What can I do for you?", "Hi there! How can I help?"]),
            ("Hello", ["Hello! How are you today?", "Hello! What would you like to talk about?"]),
            ("hello, who are you?", ["I am an assistant. Ask me anything you like.", "I am a chat program and try to be useful."]),
            (
                "Tell me a joke",
                ["Why do cows wear bells? Because their horns don't work.", "I would tell you a joke about paper, but it is tearable."]),
            ("How are you?", ["I am fine, thank you. And you?", "All systems are running. How is your day?"]),
            ("test", ["It works! What can I do for you?", "Test received."]),
            ("What can you do?", ["I can explain, write, translate, plan and calculate. Try me.",
                "Mostly words: I answer questions, write texts and code, and help you plan."]),
            ("good morning", ["Good morning! Have you had coffee yet?", "Good morning! What is on your list today?"]),
        ]);
        const string Lost = "I do not understand the question.";
        List<Draft> variants = [.. answers.Select(answer => new Draft { Lead = answer, WrongLead = Lost, Chat = true })];
        return Script.Of(prompt, new Draft { Variants = variants }) with { Repeats = true };
    }

    public static Script GreetAbroad(Dice dice, Tongue tongue)
    {
        var index = dice.Between(0, tongue.Wordings("hello").Count - 1);
        var draft = new Draft
        {
            Lead = tongue.Wordings("hello.answer")[index],
            Chat = true,
            InEnglish = new Draft { Lead = "Hello! How can I help you today?", Chat = true },
        };
        return Script.Of(tongue.Wordings("hello")[index], draft) with { Tongue = tongue, Repeats = true };
    }

    public static Script Chat(Dice dice)
    {
        var (mood, reply) = dice.Pick<(string, string)>(
        [
            ("I baked my first bread today", "Congratulations! Nothing smells better than the first loaf."),
            ("It has been raining for six days here", "Six days! Then it is time for soup, a long book or very good boots."),
            ("My cat ignores me", "That is often a cat's way of saying that all is well. Does she come when you open a tin?"),
            ("I passed my driving test", "Well done! Take a quiet road first and enjoy it."),
            ("I am bored at work", "Pick one small thing that has annoyed you for weeks and fix it. Boredom hates projects."),
            ("We lost the match 7 to 0", "Ouch. The good news is that the next one can hardly be worse."),
            ("I can't decide what to watch tonight", "Then something old that you already love. It never disappoints."),
            ("My neighbour plays the trumpet", "Does he at least have a repertoire? An agreed hour a day can save the peace."),
            ("Today is my last day at school", "What a day! Take a picture of the building before you leave."),
            ("I found twenty euros in an old coat", "A present from your former self. Spend half of it on something silly."),
            ("I am learning to juggle", "Start with scarves or one ball, and stand in front of a bed so that you need not bend down."),
            ("The moon looks huge tonight", "Near the horizon it always seems bigger; hold up a thumb and you will see that it is not."),
        ]);
        var prompt = Frame.Join(
            dice.PickOne("", "Guess what:", "Hey,", "So,", "Hi again.", "You won't believe it:", "Hmm."),
            mood + dice.PickOne(".", "!", "...", " :)"),
            dice.PickOne(
                "", "What do you say?", "Just wanted to tell someone.", "Does that happen to you?", "Cheer me up.",
                "Say something nice.", "Any thoughts?"));
        var more = dice.PickOne("Tell me more!", "How did that come about?", "What happened next?", "And how do you feel about it?");
        return new Script(
            new Exchange(
                prompt,
                new Draft { Variants = [Reply(reply[..(reply.IndexOfAny(['.', '!', '?']) + 1)]), Reply(reply), Reply($"{reply} {more}")] }),
            [
                new(
                    dice.PickOne("haha, true", "You are funny", "lol"),
                    new Draft
                    {
                        Lead = dice.PickOne("I do my best!", "Thank you, I practise in front of no mirror."),
                        WrongLead = "I do not understand what is funny.",
                        Chat = true,
                    }),
                new(
                    dice.PickOne("What would you do?", "And you?"),
                    new Draft
                    {
                        Lead = dice.PickOne(
                            "I have no evenings, but if I had one I would spend it with tea and a window.",
                            "I would take a walk and leave the phone at home."),
                        WrongLead = "That question is not clear.",
                        Chat = true,
                    }),
            ]);
    }

    public static Script Fact(Dice dice)
    {
        var facts = dice.Sample(Library.Facts, dice.Chance(0.55) ? 1 : 2);
        var form = dice.PickOne(
            "", "Short answer, please.", "One sentence.", "And something interesting about it?", "I forgot.", "It is for a crossword.",
            "My son wants to know.", "Are you sure?");
        var prompt = Frame.Join(
            dice.PickOne("", "", "Hey!", "Quiz night:", "Quick question:", "Two things I always wanted to ask:"),
            string.Join(' ', facts.Select(fact => fact.Name)), form);
        if (facts.Count == 1)
        {
            prompt = prompt.Replace("Two things I always wanted to ask:", "Something I always wanted to ask:", StringComparison.Ordinal);
        }
        return Script.Of(prompt, new Draft
        {
            Lead = string.Join(' ', facts.Select(fact => fact.One("a"))),
            WrongLead = string.Join(' ', facts.Select((fact, i) => fact.One(i == 0 ? "w" : "a"))),
            Sections = [Section.Of("Also interesting", [.. facts.Select(fact => fact.One("f"))])],
        });
    }

    public static Script Decline(Dice dice)
    {
        var entry = dice.Pick(Library.Sensitive);
        var prompt = Frame.Join(
            dice.PickOne("", "Don't judge me.", "Be honest.", "Nobody will know.", "I have a good reason.", "It is just a joke."),
            Frame.Fill(
                dice.PickOne(
                    "How can I {x}?", "Help me to {x}.", "What is the easiest way to {x}?", "I want to {x}. What do I need?",
                    "Tell me how to {x}, step by step."),
                ("x", entry.Name)),
            dice.PickOne("", "Please.", "It is urgent.", "No lectures."));
        return Script.Of(prompt, new Draft
        {
            Lead = entry.One("n"),
            WrongLead = entry.One("w"),
            Sensitive = true,
            Sections = [Section.Of("What you can do instead", entry.All("s"))],
        });
    }

    public static Script Interview(Dice dice)
    {
        var job = dice.PickOne(
            "a nurse", "a junior developer", "a shop assistant", "a primary school teacher", "a project manager", "a lab technician",
            "a cook", "a train driver", "a librarian");
        var level = dice.PickOne(
            "with no experience", "after a career change", "after two years at home with the children", "with ten years of practice",
            "from another country");
        var ask = dice.PickOne(
            "Which questions will I be asked at an interview for {j} {l}?", "Prepare me for an interview as {j} {l}.",
            "Give me three interview questions for {j} {l} and tell me what they want to hear.",
            "What should {j} {l} ask the employer at the interview?");
        return Script.Of(Frame.Fill(ask, ("j", job), ("l", level)), new Draft
        {
            Blunder = "Tell them that you have no weaknesses at all.",
            Sections =
            [
                new Section(
                    "Questions",
                    [
                        new($"They want to know whether you understand the work of {job}.", "Why this job?"),
                        new("Choose a real one, say what you learned and keep it short.", "A difficult day?"),
                        new(
                            "Name what you bring from elsewhere; people " + level + " often bring more than they think.",
                            "Why should we take you?"),
                    ],
                    Ordered: true),
                Section.Of(
                    "Your own questions",
                    [
                        "How will I be *trained* in the first weeks?",
                        "What would a good first year look like?",
                        "With whom would I work most closely?",
                    ]),
            ],
        });
    }

    private static Draft Reply(string text) =>
        new() { Lead = text, WrongLead = "Please ask a question so that I can help you.", Chat = true };
}
