using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Planning and advice: journeys, meals, training, studies, presents, troubles.</summary>
internal static class PlanFamilies
{
    public static Script Trip(Dice dice)
    {
        var city = dice.Pick(Library.Cities);
        var days = dice.Between(1, 4);
        var who = dice.PickOne(
            "with two children", "alone", "with my parents in their seventies", "on a small budget", "as a couple", "in November",
            "without a car", "with a friend in a wheelchair", "on the way to a conference");
        var taste = dice.PickOne(
            "We like food markets.", "I love architecture.", "No museums, please.", "We walk slowly.", "I want to draw a lot.",
            "Rain is likely.", "We get up late.", "I have been there once before.", "");
        var prompt = Frame.Join(
            Frame.Fill(
                dice.PickOne(
                    "Plan {d} in {c} {w}.", "I will be in {c} for {d} {w}. What should I see?", "Give me an itinerary for {c}: {d}, {w}.",
                    "{D} in {c} {w}: any ideas?"),
                ("d", days == 1 ? "one day" : $"{Frame.Number(days)} days"), ("D", days == 1 ? "One day" : $"{Frame.Number(days)} days"),
                ("c", city.Name), ("w", who)),
            taste);
        var sights = dice.Sample(city.All("p"), Math.Min(6, days + 2)).Select(Split).ToList();
        return new Script(
            new Exchange(prompt, new Draft
            {
                Comments = "more.plan",
                Blunder = $"Take the cable car from the airport straight to the beach of {city.Name}.",
                Sections =
                [
                    new Section("Itinerary", sights, Ordered: true),
                    Section.Of("Good to know", [$"Try {city.One("e")}.", $"Avoid {city.One("m")}."]),
                    Section.Of(
                        "Practical",
                        [
                            "Book what must be booked *a week ahead*.",
                            "Leave one afternoon without a plan.",
                            "A day ticket usually pays from the third ride on.",
                        ]),
                ],
            }),
            [
                new(
                    dice.PickOne("What should we eat there?", "Any food tips?"),
                    new Draft { Lead = $"Try {city.One("e")}.", WrongLead = "There are many restaurants.", Chat = true }),
                new(
                    dice.PickOne("Anything to avoid?", "What do tourists do wrong?"),
                    new Draft { Lead = $"Avoid {city.One("m")}.", WrongLead = "No, nothing at all.", Chat = true }),
            ]);
    }

    public static Script Recipe(Dice dice)
    {
        var dish = dice.Pick(Library.Dishes);
        var people = dice.Between(2, 6);
        var prompt = Frame.Fill(
            dice.PickOne(
                "Give me a recipe for {x} for {n} people. {w}", "How do you make {x}? We are {n}. {w}",
                "I want to cook {x} {o} for {n}. {w}", "{w} I have guests ({n}) and thought of {x}. Recipe?"),
            ("x", dish.Name), ("n", Frame.Number(people)), ("o", dice.PickOne("tonight", "on Sunday", "for the first time")),
            ("w", dice.PickOne("I have one pot only.", "Keep it simple.", "I am a beginner.", "No oven, please.",
                "My daughter hates onions.", "I have forty minutes.", "Please name a substitute for anything unusual.")));
        return new Script(
            new Exchange(prompt, new Draft
            {
                Comments = "more.plan",
                Lead = $"It takes about *{dish.One("t")} minutes*. You need: {dish.One("i")}.",
                WrongLead = $"It takes about *5 minutes*. You need: water, sugar and {dish.One("i").Split(", ")[0]}.",
                Sections =
                [
                    Section.Of("Method", dish.All("s"), ordered: true), Section.Of("Tip", dish.All("f")),
                    Section.Of("Keeping", ["Leftovers keep for *two or three days* in the fridge.", "Season again after warming up."]),
                ],
            }),
            [
                new(
                    dice.PickOne("Can I prepare it the day before?", "Any tip from you?"),
                    new Draft
                    {
                        Lead = $"Yes, most of it. {dish.One("f")}",
                        WrongLead = "No, food must always be eaten at once.",
                        Chat = true,
                    }),
                new(
                    dice.PickOne("What do I serve with it?", "And for dessert?"),
                    new Draft
                    {
                        Lead = dice.PickOne(
                            "A green salad with lemon, and fruit afterwards.",
                            "Bread and a cucumber salad; for dessert, yoghurt with honey and nuts."),
                        WrongLead = "Ice cubes.",
                        Chat = true,
                    }),
            ]);
    }

    public static Script Menu(Dice dice)
    {
        var days = dice.Between(3, 5);
        var dishes = dice.Sample(Library.Dishes, days);
        var prompt = Frame.Fill(
            dice.PickOne(
                "Plan dinners for {d} days, {w}, {b}.", "What shall we eat this week? {d} evenings, {w}. {B}.",
                "Meal plan please: {d} days, {b}, {w}."),
            ("d", Frame.Number(days)),
            ("w", dice.PickOne(
                "cheap", "quick", "mostly without meat", "for two adults and a toddler", "for four students", "nothing spicy")),
            ("b", dice.PickOne("with a shopping list", "half an hour at most each", "using up rice and tins", "one dish may be a treat")),
            ("B", dice.PickOne("With a shopping list", "Half an hour at most", "We have a freezer")));
        string[] names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
        return Script.Of(prompt, new Draft
        {
            Blunder = "On the other days you can skip dinner.",
            Sections =
            [
                new Section(
                    "Plan", [.. dishes.Select((dish, i) => new Point($"{Frame.Capital(dish.Name)} ({dish.One("t")} minutes).", names[i]))],
                    Ordered: true),
                new Section("Shopping list", [.. dishes.Select(dish => new Point(dish.One("i") + ".", Frame.Capital(dish.Name)))]),
                Section.Of("Tips", [.. dishes.Select(dish => dish.One("f"))]),
            ],
        });
    }

    public static Script Workout(Dice dice)
    {
        var days = dice.Between(2, 5);
        var minutes = dice.Between(2, 9) * 5;
        var goal = dice.PickOne(
            "a stronger back", "more stamina", "my first pull-up", "getting back into shape after an injury", "a hiking holiday",
            "better posture", "losing a little weight");
        var prompt = Frame.Fill(
            dice.PickOne(
                "Make a training plan. The goal: {g}; {d} days a week, {m} minutes, {e}.",
                "My goal is {g}. I can train {d} times a week for {m} minutes {e}.", "Workout for {g}, {m} minutes, {e}, {d}x per week?"),
            ("g", goal), ("d", Frame.Number(days)), ("m", Frame.Number(minutes)),
            ("e", dice.PickOne("at home without equipment", "with two dumbbells", "in a gym", "in a park", "with a rubber band")));
        var moves = dice.Sample<Point>(
            [
                new("three sets of eight, slowly down.", "Squats"), new("three sets, hands raised on a table if needed.", "Push-ups"),
                new("twenty to forty seconds, three times.", "Plank"),
                new("ten on each side, keep the hips level.", "Lunges"), new("pull the elbows back, three sets of ten.", "Rows"),
                new("lift the hips and hold for two seconds, fifteen times.", "Bridges"),
                new("ten minutes at a pace that allows talking.", "Brisk walking"),
            ],
            4);
        return Script.Of(prompt, new Draft
        {
            Comments = "more.plan",
            Lead = $"With {Frame.Number(days)} sessions of {Frame.Number(minutes)} minutes you can do a lot; "
                + "keep *two repetitions in reserve*.",
            WrongLead = "Train every day until it hurts, then double the weight.",
            Sections =
            [
                new Section("Exercises", moves),
                Section.Of(
                    "Progress",
                    [
                        "Add one repetition a week.",
                        "Take at least *one day off* between sessions.",
                        "Stop when you feel a sharp pain, and ask a doctor if it stays.",
                    ]),
            ],
        });
    }

    public static Script Study(Dice dice)
    {
        var subject = dice.PickOne(
            "statistics", "contract law", "anatomy", "Spanish vocabulary", "organic chemistry", "the driving theory test", "music theory",
            "bookkeeping", "networking basics", "art history");
        var weeks = dice.Between(1, 8);
        var hours = dice.Between(3, 15);
        var prompt = Frame.Fill(
            dice.PickOne(
                "My exam in {s} is in {w}. I have {h} hours a week. Plan?",
                "How do I prepare for an exam in {s} within {w}, {h} hours per week? {x}", "Study schedule: {s}, {w}, {h} h/week. {x}"),
            ("s", subject), ("w", weeks == 1 ? "one week" : $"{Frame.Number(weeks)} weeks"), ("h", Frame.Number(hours)),
            ("x", dice.PickOne(
                "I learn best in the morning.",
                "I failed once already.",
                "I work part time.",
                "I tend to put things off.",
                "There are old papers.")));
        var total = weeks * hours;
        return Script.Of(prompt, new Draft
        {
            Comments = "more.plan",
            Lead = $"You have about *{Frame.Number(total)} hours* in all for {subject}.",
            WrongLead = $"You have about *{Frame.Number(total * 2)} hours* in all for {subject}.",
            Sections =
            [
                new Section(
                    "Plan",
                    [
                        new("get an overview and list the topics by weight.", $"{Frame.Number(Math.Max(1, total / 6))} h"),
                        new("work through the topics, and test yourself after each.", $"{Frame.Number(Math.Max(1, total / 2))} h"),
                        new("old papers against the clock.", $"{Frame.Number(Math.Max(1, total / 4))} h"),
                        new("repeat only what went wrong.", $"{Frame.Number(Math.Max(1, total / 12))} h"),
                    ],
                    Ordered: true),
                Section.Of(
                    "Habits",
                    [
                        "Learn in blocks of *forty minutes*.",
                        "Explain a topic aloud without notes.",
                        "Sleep before the exam instead of reading on.",
                    ]),
            ],
        });
    }

    public static Script Gift(Dice dice)
    {
        var budget = dice.Between(1, 12) * 10;
        var (love, ideas) = dice.Pick<(string, string[])>(
        [
            ("gardening", ["good secateurs", "seeds of old vegetables", "a visit to a botanical garden"]),
            ("cooking", ["a sharp small knife", "a spice you cannot buy round the corner", "an evening course"]),
            ("reading", ["a book you loved yourself, with a note", "a lamp for the bed", "a voucher of the small bookshop"]),
            ("hiking", ["light merino socks", "a map with a route you have drawn in", "a night in a hut"]),
            ("music", ["tickets for a small concert", "a record from the year of birth", "an hour with a teacher"]),
            ("board games", ["a cooperative game for two", "a dice tray", "an evening with you as an opponent"]),
        ]);
        var whom = dice.PickOne(
            "my grandfather", "a colleague who is leaving", "my sister", "my new neighbour", "a teacher", "my best friend",
            "my mother-in-law", "a teenager");
        var prompt = Frame.Fill(
            dice.PickOne(
                "Gift for {w}, loves {l}, {b} euros?", "What can I give {w}? The budget is {b} euros and the hobby is {l}.",
                "I need a present for {w} by Saturday. {b} euros, something with {l}."),
            ("w", whom), ("l", love), ("b", Frame.Number(budget)));
        return Script.Of(prompt, new Draft
        {
            Sections =
            [
                Section.Of("Ideas", [.. ideas.Select(idea => $"{Frame.Capital(idea)}.")]),
                Section.Of("Tip", ["A few handwritten lines are worth more than another ten euros."]),
            ],
            Blunder = "A new car.",
        });
    }

    public static Script Guide(Dice dice)
    {
        var guide = dice.Pick(Library.Guides);
        var prompt = Frame.Join(
            dice.PickOne(
                "", "Quick question.", "My flatmate is no help.", "I have never done this.", "It is urgent.", "I tried once and failed."),
            Frame.Fill(
                dice.PickOne(
                    "How do I {x}?", "What is the best way to {x}?", "Step by step: how to {x}?", "Can you teach me to {x}?",
                    "I want to {x}. Where do I start?"),
                ("x", guide.Name)),
            dice.PickOne("", "No special tools, please.", "I have an hour.", "As simple as possible.", "What should I avoid?"));
        return Script.Of(prompt, new Draft
        {
            Comments = "more.plan",
            Blunder = guide.One("m").Replace("; ", ", and ", StringComparison.Ordinal),
            Sections =
            [
                Section.Of("Steps", guide.All("s"), ordered: true), Section.Of("Tip", guide.All("f")), Section.Of("Avoid", guide.All("m")),
                Section.Of("Before you start", ["Lay out everything you need within reach.", "Plan a little more time than you think."]),
            ],
        });
    }

    public static Script Advise(Dice dice)
    {
        var trouble = dice.Pick(Library.Advice);
        var prompt = Frame.Join(
            dice.PickOne(
                "", "I need some advice.", "This is a bit embarrassing.", "Hi, maybe you can help.", "I don't know whom else to ask.",
                "Long story short:"),
            Frame.Capital(trouble.One("ask")) + ".",
            dice.PickOne(
                "What can I do?", "Any ideas?", "It has been going on for weeks.", "My friends say I exaggerate.", "Please be honest.",
                "What would you do?", "How do others handle this?"),
            dice.PickOne(
                "", "It costs me sleep.", "I feel a bit silly asking.", "Nobody else knows about it.",
                "I have read three books about it already.", "I am running out of patience."));
        return new Script(
            new Exchange(prompt, new Draft
            {
                Comments = "more.plan",
                Lead = trouble.One("lead"),
                WrongLead = "Just stop thinking about it, other people have real problems.",
                Sections =
                [
                    Section.Of("What you could try", trouble.All("s")), Section.Of("Also", trouble.All("f")),
                    Section.Of("A question back", trouble.All("q")),
                ],
            }),
            [
                new(
                    dice.PickOne("I tried that already. What else?", "And if that does not work?"),
                    new Draft
                    {
                        Lead = trouble.One("f"),
                        WrongLead = "Then there is nothing you can do.",
                        Sections = [Section.Of("A question back", trouble.All("q"))],
                    }),
                new(
                    dice.PickOne("Thank you, that feels better.", "Thanks for listening."),
                    new Draft
                    {
                        Lead = dice.PickOne("I am glad. Be patient with yourself.", "Any time. I hope it goes well."),
                        Chat = true,
                    }),
            ]);
    }

    private static Point Split(string sight)
    {
        var colon = sight.IndexOf(':', StringComparison.Ordinal);
        return new Point(sight[(colon + 2)..], sight[..colon]);
    }
}
