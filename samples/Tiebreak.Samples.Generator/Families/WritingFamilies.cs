using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Letters, stories, poems, slogans, role play.</summary>
internal static class WritingFamilies
{
    private static readonly string[] Tones =
    [
        "polite but firm", "warm", "short and factual", "formal", "friendly", "apologetic", "confident",
    ];

    public static Script Letter(Dice dice)
    {
        var letter = dice.Pick(Library.Letters);
        var tone = dice.Pick(Tones);
        var name = dice.PickOne("Alex", "Robin", "Kim", "Marta", "Jonas", "Leila", "Tom", "Ines");
        var prompt = Frame.Fill(
            dice.PickOne(
                "Write an e-mail to {to} about {x}. Tone: {t}. My name is {n}.",
                "I have to write to {to}: {x}. Make it {t}. Sign as {n}.",
                "Help me with a {t} message to {to} ({x}), signed {n}.",
                "Can you draft something {t} for {to}? It is about {x}. I'm {n}."),
            ("to", letter.One("to")), ("x", letter.Name), ("t", tone), ("n", name));
        var greeting = tone switch
        {
            "formal" => "Dear Sir or Madam,",
            "warm" or "friendly" => "Hi,",
            _ => "Hello,",
        };
        var body = letter.All("b");
        var closing = tone switch
        {
            "formal" => "Yours faithfully,",
            "warm" or "friendly" => "All the best,",
            "apologetic" => "With apologies for the trouble,",
            _ => "Kind regards,",
        };
        var (extra, late) = (
            dice.PickOne(
                "If anything is unclear, I am happy to explain it on the phone.",
                "I would be glad of a short answer, even if it is only a date."),
            "Thank you for taking the time to read this.");
        Draft Version(string lead, int sentences, string more) => new()
        {
            Lead = lead,
            Block = new Block($"Subject: {letter.One("s")}\n\n{greeting}\n\n{Frame.Join(string.Join(' ', body.Take(sentences)), more)}\n\n"
                + $"{closing}\n{name}"),
            WrongBlock = new Block(
                $"Dear [Name],\n\n{body[0]} I am writing to you about this matter. I hope this message finds you well.\n\n[Your Name]"),
            Sections = [Section.Of(
                "Tips",
                [
                    "Send it in the morning, when it is more likely to be read.",
                    "Name *one date* by which you expect an answer.",
                    "Keep a copy.",
                ])],
        };
        return new Script(
            new Exchange(
                prompt,
                new Draft
                {
                    Variants =
                    [
                        Version("", 2, ""),
                        Version("Here is a draft:", 9, ""),
                        Version("You could write:", 9, extra),
                        Version("How about this?", 9, $"{extra} {late}"),
                    ],
                }),
            [
                new(
                    dice.PickOne("Shorter, please.", "Can you cut it by half?", "Too long. Two sentences!"),
                    new Draft
                    {
                        Block = new Block($"{greeting}\n\n{string.Join(' ', body.Take(2))}\n\n{closing}\n{name}"),
                        Lead = "Sure:",
                        WrongBlock = new Block($"{greeting}\n\n{string.Join(' ', body)} {string.Join(' ', body)}\n\n{name}"),
                    }),
                new(
                    dice.PickOne("Which subject line would you use?", "And the subject?"),
                    new Draft { Lead = $"\"{letter.One("s")}\"", WrongLead = "\"Message\"", Chat = true }),
            ]);
    }

    public static Script Story(Dice dice)
    {
        var parts = Library.Tales.ToDictionary(entry => entry.Name, entry => entry.All("v"), StringComparer.Ordinal);
        string who = dice.Pick(parts["who"]), where = dice.Pick(parts["where"]), what = dice.Pick(parts["what"]);
        var prompt = Frame.Fill(
            dice.PickOne(
                "Tell me a {k} story about {who} {where}. It must contain {what}.",
                "Write the beginning of a {k} novel: {who}, {where}, and {what}.",
                "I need a {k} bedtime story with {who} and {what}, set {where}.",
                "Short fiction, {k}: {who} finds {what} {where}."),
            ("k", dice.PickOne("quiet", "funny", "strange", "sad", "hopeful", "mysterious", "very short")), ("who", who),
            ("where", where), ("what", what));
        string Line(string key) => Frame.Capital(Frame.Fill(dice.Pick(parts[key]), ("who", who), ("where", where), ("what", what)));
        Draft Tell(int walks, int talks)
        {
            var turns = dice.Sample(parts["turn"], 3);
            List<string> paragraphs =
            [
                $"{Line("opening")} It happened {where}, where things like that were not talked about.",
                .. dice.Sample(parts["walk"], walks), $"{Line("middle")} {turns[0]}",
            ];
            paragraphs.AddRange(dice.Sample(parts["talk"], talks));
            paragraphs.Add($"{turns[1]} {turns[2]} {Line("end")}");
            return new Draft
            {
                Block = new Block(string.Join("\n\n", paragraphs)),
                WrongBlock = new Block(Frame.Fill(
                    dice.PickOne(
                        "Once upon a time there was {who}. One day something happened. There was also {what}. "
                            + "They all lived happily ever after. The end.",
                        "This is a story about {who}. {Who} was very nice and everybody liked it. The story takes place {where}. "
                            + "It was a good day.",
                        "{Who} had {what}. Then {who} lost {what}. Then {who} found {what} again. What a day!",
                        "Title: The Story. It was a dark and stormy night {where}, and {who} was there, and it was very dark and very "
                            + "stormy, and nothing happened."),
                    ("who", who), ("Who", Frame.Capital(who)), ("where", where), ("what", what))),
            };
        }

        var brief = new Draft
        {
            Block = new Block($"{Line("opening")} {Line("middle")} {Line("end")}"),
            WrongBlock = new Block($"There was {who}. There was {what}. The end."),
        };
        return Script.Of(prompt, new Draft { Variants = [brief, Tell(0, 0), Tell(1, 1), Tell(2, 1), Tell(3, 2)] });
    }

    public static Script Poem(Dice dice)
    {
        var verse = dice.Pick(Library.Verses);
        var haiku = dice.Chance(0.35);
        var lines = verse.All("v");
        var occasion = dice.PickOne(
            "for a birthday card", "for my father", "for a school magazine", "to read aloud at a party", "for the fridge door",
            "for a farewell", "just for fun", "for a calendar");
        var prompt = Frame.Fill(
            haiku
                ? dice.PickOne(
                    "A haiku about {x} {o}, please.", "Write a haiku {o}. The subject is {x}.", "Can you do a haiku on {x}? It is {o}.")
                : dice.PickOne(
                    "Write a rhyming poem about {x} {o}.", "I need a few rhymed lines about {x} {o}.",
                    "Poem {o}, subject: {x}, please make it rhyme."),
            ("x", verse.Name), ("o", occasion));
        Draft Of(IEnumerable<string> text) => new()
        {
            Block = new Block(string.Join('\n', text)),
            WrongBlock = new Block(
                $"I think that {verse.Name} is very nice.\nIt is something I like a lot.\nThis poem is about it.\nThank you for reading."),
        };
        return Script.Of(prompt, new Draft
        {
            Variants = haiku
                ? [Of(verse.All("h")), Of([verse.All("h")[0], verse.All("h")[1]]), Of([Frame.Capital(verse.Name), "", .. verse.All("h")])]
                : [Of(lines.Take(2)), Of(lines.Skip(2)), Of(lines), Of([.. lines.Take(4), "", .. verse.All("w")]),
                    Of([.. lines, "", .. verse.All("w")])],
        });
    }

    public static Script Slogan(Dice dice)
    {
        var (thing, words) = dice.Pick<(string, string[])>(
        [
            ("a bakery", ["Worth getting up for.", "Warm since five.", "Flour, water, patience."]),
            ("a bicycle shop", ["Two wheels, no queue.", "We keep you rolling.", "Chain reaction guaranteed."]),
            ("a small library", ["Come in and get lost.", "Borrow a world.", "Quiet on the outside."]),
            ("a repair café", ["Broken is a beginning.", "Mend it, keep it.", "Second lives on Saturdays."]),
            ("a swimming school", ["Head up, heart in.", "From paddling to proud.", "Deep end? No problem."]),
            ("a plant nursery", ["Grow on us.", "Green from the first day.", "Roots included."]),
            ("a tea brand", ["Take a slow minute.", "Leaves you calm.", "Steep happiness."]),
            ("an escape room", ["Sixty minutes, one door.", "Lock in the fun.", "You can leave. Maybe."]),
        ]);
        var feature = dice.PickOne(
            "young families", "tourists", "people in a hurry", "pensioners", "students", "night owls", "the neighbourhood");
        var tone = dice.PickOne("witty", "elegant", "loud", "nostalgic", "modest");
        var prompt = Frame.Fill(
            dice.PickOne(
                "Three slogans for {x}, {t}, aimed at {f}.", "We are opening {x} and need a {t} tagline for {f}.",
                "Name ideas and a {t} motto for {x} that appeals to {f}?"),
            ("x", thing), ("t", tone), ("f", feature));
        return Script.Of(
            prompt,
            new Draft { Sections = [Section.Of("Ideas", words, ordered: true)], Blunder = $"The best {thing[2..]} for everybody." });
    }

    public static Script RolePlay(Dice dice)
    {
        var (role, lines) = dice.Pick<(string, string[])>(
        [
            ("a grumpy lighthouse keeper", ["Who climbs two hundred steps to ask me that?",
                "The lamp needs oil, the gulls need shouting at, and you need an answer.", "Fine. Sit down, not on the cat."]),
            ("a medieval innkeeper", ["Welcome, traveller, mind the beam.",
                "We have stew, we have straw, and for a copper more we have news.", "The road north is bad since the rains."]),
            ("a strict but kind piano teacher", ["Shoulders down, please.", "Once more from bar five, and this time listen.",
                "That wrong note was at least played with conviction."]),
            ("a detective in the 1930s", ["The rain had an alibi. You do not.", "Tell me again where you were when the lights went out.",
                "People who are in a hurry always forget one thing."]),
            ("a ship's computer", ["Good morning, captain. The hull is intact, the coffee is not.",
                "I have plotted three courses, two of which you will dislike.", "Shall I wake the crew?"]),
            ("a market seller", ["Peaches, as sweet as your grandmother!", "For you, three for the price of three and a smile.",
                "Touch that melon again and you have bought it."]),
            ("a nervous dragon", ["Please put down the sword, it is so pointy.", "I only guard the gold because nobody else would.",
                "Would you like some tea? I can heat it quickly."]),
        ]);
        var scene = dice.PickOne(
            "I come in out of the rain", "I ask for directions", "I have lost my purse", "I want to complain",
            "I am looking for my brother", "it is my first day", "I say that I can't sleep", "I ask what you would do in my place");
        var prompt = Frame.Fill(
            dice.PickOne(
                "Let's play: you are {r}. {S}.", "Pretend to be {r}. The scene: {s}. Stay in character!",
                "Act as {r} and answer me when {s}.", "Role play. You: {r}. Me: a stranger. {S}."),
            ("r", role), ("s", scene), ("S", Frame.Capital(scene)));
        return new Script(
            new Exchange(prompt, new Draft
            {
                Variants =
                [
                    Play(lines[0], role), Play($"{lines[0]} {lines[1]}", role), Play($"(looks up slowly) {string.Join(' ', lines)}", role),
                    Play(
                        $"{string.Join("\n\n", lines)}\n\nBut tell me, what brings you here, and who told you to come to me of all people?",
                        role),
                ],
            }),
            [
                new(
                    dice.PickOne("I laugh and stay. What next?", "And then?", "\"I have no money,\" I say."),
                    new Draft
                    {
                        Lead = dice.PickOne(
                            "Then you shall help me carry the wood. Talking is free as long as the hands are busy.",
                            "No money, no hurry: the best kind of guest. Tell me a story instead."),
                        WrongLead = "That is an interesting question about role play.",
                        Chat = true,
                    }),
                new(
                    dice.PickOne("Tell me a secret.", "What are you afraid of?"),
                    new Draft
                    {
                        Lead = dice.PickOne(
                            "Come closer. I have never learned to swim, and nobody here knows.",
                            "Of quiet evenings. In the noise one can hide; in the quiet one has to listen."),
                        WrongLead = "I do not have secrets because I am a program.",
                        Chat = true,
                    }),
            ]);
    }

    public static Script Product(Dice dice)
    {
        var (thing, lines) = dice.Pick<(string, string[])>(
        [
            ("a steel water bottle", ["It keeps tea hot for twelve hours and water cold for a day.",
                "The lid closes with half a turn and does not leak in the bag.", "It can be taken apart and goes into the dishwasher."]),
            ("a folding bicycle", ["Folded in fifteen seconds, it fits under a desk.", "The frame carries up to 110 kilograms.",
                "Eight gears are enough for the hill to the station."]),
            ("a desk lamp", ["The light can be set from warm to cool.", "Three joints bring it exactly where you read.",
                "It uses seven watts and has no visible cable."]),
            ("a wool blanket", ["It is woven from the wool of one region.", "It warms without being heavy.",
                "Airing it out is nearly always enough; it rarely needs washing."]),
            ("a hand-cranked coffee grinder", ["The burrs are made of hardened steel.", "Eighteen grams take less than a minute.",
                "It works without electricity and without noise."]),
            ("a rucksack", ["Two compartments keep wet and dry things apart.", "The back is ventilated and can be adjusted.",
                "It holds 22 litres and a laptop."]),
        ]);
        var audience = dice.PickOne(
            "commuters", "campers", "students", "parents", "people with small flats", "gift hunters", "minimalists");
        var count = dice.Between(2, 3);
        var prompt = Frame.Fill(
            dice.PickOne(
                "Write a product description of {n} sentences for {x}, for {a}, {w}.",
                "Shop text for {x}: {n} sentences, {w}, target group {a}.", "Describe {x} in {n} sentences so that {a} want it, {w}."),
            ("x", thing), ("n", Frame.Number(count)), ("a", audience),
            ("w", dice.PickOne("no clichés", "with a wink", "honest", "without superlatives", "in a calm tone")));
        return Script.Of(prompt, new Draft
        {
            Lead = lines[0],
            Blunder = "It is simply the best product in the world and everybody needs it.",
            Sections = [Section.Of("Features", lines[1..])],
            Form = Form.Sentences,
            Count = count,
        });
    }

    private static Draft Play(
        string text, string role) => new() { Lead = text, WrongLead = $"I am {role}. How can I help you today?", Chat = true };
}
