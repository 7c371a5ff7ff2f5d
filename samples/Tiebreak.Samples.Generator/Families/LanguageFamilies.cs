using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Translating, correcting, explaining words, changing the tone.</summary>
internal static class LanguageFamilies
{
    private static readonly string[] Targets = ["German", "French", "Spanish", "Italian", "Portuguese"];

    public static Script Translate(Dice dice)
    {
        var phrases = dice.Sample(Library.Phrases, dice.Between(1, 3));
        var languages = dice.Sample(Targets, 2);
        var target = languages[0];
        var source = string.Join(' ', phrases.Select(phrase => phrase.Name));
        var prompt = Frame.Fill(
            dice.PickOne(
                "Translate into {l}: \"{p}\"", "How do you say this in {l}? {p}", "{l} please: {p}",
                "I am in a hotel and need this in {l}: {p}", "What is \"{p}\" in {l}?"),
            ("l", target), ("p", source));
        var right = string.Join(' ', phrases.Select(phrase => phrase.One(target)));
        return new Script(
            new Exchange(
                prompt,
                new Draft
                {
                    Lead = right,
                    WrongLead = string.Join(' ', phrases.Select(phrase => phrase.One(languages[1]))),
                    Chat = true,
                    Exact = true,
                }),
            [
                new(
                    $"And in {languages[1]}?",
                    new Draft
                    {
                        Lead = string.Join(' ', phrases.Select(phrase => phrase.One(languages[1]))),
                        WrongLead = source,
                        Chat = true,
                        Exact = true,
                    }),
            ]);
    }

    public static Script Correct(Dice dice)
    {
        var faults = dice.Sample(Library.Grammar, dice.Between(1, 3));
        var prompt = dice.PickOne(
            "Correct the grammar:", "Please fix my English:", "Is this right?", "Proofread this for me and explain the changes:",
            "My teacher marked this in red. Why?")
            + "\n" + string.Join(' ', faults.Select(fault => fault.Name));
        return Script.Of(prompt, new Draft
        {
            Exact = true,
            Lead = string.Join(' ', faults.Select(fault => fault.One("g"))),
            WrongLead = "It looks fine to me, I would only change a comma.",
            Sections = [Section.Of("Why", [.. faults.Select(fault => fault.One("f"))])],
        });
    }

    public static Script Word(Dice dice)
    {
        var words = dice.Sample(Library.Words, 2);
        var (word, other) = (words[0], words[1]);
        var both = dice.Chance(0.5);
        var prompt = Frame.Fill(
            both
                ? dice.PickOne(
                    "What do \"{w}\" and \"{o}\" mean?", "Use {w} and {o} in one sentence each.", "Difference between {w} and {o}?",
                    "Vocabulary test: {w}, {o}. Definitions and synonyms please.")
                : dice.PickOne(
                    "What does \"{w}\" mean? Give {n} synonyms.", "Other words for {w}, {n} at most, and an example?",
                    "Explain the word {w} {who}."),
            ("w", word.Name), ("o", other.Name), ("n", Frame.Number(dice.Between(2, 3))), ("who", Library.English.Say(dice, "who")));
        return Script.Of(prompt, new Draft
        {
            Lead = both ? $"{Meaning(word)} {Meaning(other)}" : Meaning(word),
            WrongLead = both ? $"{Meaning(word, other)} {Meaning(other, word)}" : Meaning(word, other),
            Sections = [new Section("Usage", both ? [.. Usage(word), .. Usage(other)] : Usage(word))],
        });
    }

    public static Script Tone(Dice dice)
    {
        var (rude, kind) = dice.Pick<(string, string)>(
        [
            (
                "Your report is a mess and nobody understands it.",
                "Thank you for the report. I had trouble following the second part; could you add a short summary and an example?"),
            ("Stop being late all the time, it is annoying.", "It would help me a lot if we could all start at nine sharp."),
            ("I don't care about your holiday photos.", "I am a bit short of time today; may I look at your pictures at the weekend?"),
            (
                "Pay the invoice now or else.",
                "Our invoice is still open. Please transfer the amount by Friday, or tell me if something is unclear."),
            ("That is the stupidest idea I have ever heard.", "I see some risks in this idea. May I show you where I get stuck?"),
            ("Turn the music down, idiot.", "Could you turn the music down a little? I have to get up early."),
            ("You never answer my mails.", "I am not sure whether my last two mails reached you. Could you have a look?"),
            (
                "We won't hire you, you talk too much.",
                "Thank you for the interview. We have decided on another candidate and wish you all the best."),
        ]);
        var manner = dice.PickOne(
            "politely", "in a professional tone", "so that nobody is hurt", "like a diplomat", "for an e-mail to a client",
            "in a friendly way");
        var context = dice.PickOne(
            "It goes to my boss.", "It is for a neighbour.", "I am angry, but I want to stay fair.", "We have to go on working together.",
            "English is not my first language.", "");
        var prompt = Frame.Join(
            dice.PickOne("Rephrase", "Rewrite this", "Say this", "Please put this"), manner + ":", $"\"{rude}\"", context);
        return Script.Of(prompt, new Draft { Lead = $"\"{kind}\"", WrongLead = $"\"{rude} Please.\"", Chat = true });
    }

    private static string Meaning(
        Entry word, Entry? borrowed = null) => $"\"{Frame.Capital(word.Name)}\" means *{(borrowed ?? word).One("d")}*.";

    private static List<Point> Usage(Entry word) =>
        [
            new(word.One("y") + ".", $"Synonyms of {word.Name}"), new(word.One("z") + ".", $"Opposite of {word.Name}"),
            new(word.One("e"), $"Example with {word.Name}"),
        ];
}
