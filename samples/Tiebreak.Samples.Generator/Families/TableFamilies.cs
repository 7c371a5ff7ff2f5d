using System.Text;
using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Small jobs on data: tables, JSON, sorting, counting, judging a review.</summary>
internal static class TableFamilies
{
    private static readonly string[] People =
        [
            "Ana", "Bruno", "Chiara", "David", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kofi", "Lena", "Mateo", "Nora", "Oskar",
            "Priya",
        ];

    private static readonly string[] Towns = ["Porto", "Graz", "Lille", "Turin", "Bergen", "Gdansk", "Cork", "Utrecht", "Basel", "Malaga"];

    private static readonly string[] Items =
    [
        "anchor", "basket", "candle", "dolphin", "engine", "feather", "garden", "hammer", "island", "jacket", "kettle", "ladder", "mirror",
        "needle", "orange", "pencil", "quartz", "ribbon", "saddle", "teapot", "umbrella", "violin", "walnut", "yoghurt",
    ];

    public static Script Table(Dice dice)
    {
        var rows = Rows(dice, dice.Between(3, 5));
        var prompt = Frame.Join(
            dice.PickOne("Turn this into a markdown table:", "Please put the following in a table.", "Make a table out of these notes:"),
            Notes(dice, rows));
        return Script.Of(prompt, new Draft
        {
            Exact = true,
            Lead = "Here is the table:",
            Block = new Block(Markdown(rows)),
            WrongBlock = new Block(Markdown([.. rows.Skip(1)])),
        });
    }

    public static Script Json(Dice dice)
    {
        var rows = Rows(dice, dice.Between(2, 4));
        var prompt = Frame.Join(
            dice.PickOne(
                "Convert to JSON with the keys name, age and town:", "Give me this as a JSON array (name, age, town):",
                "JSON please, keys: name, age, town."),
            Notes(dice, rows));
        var lines = rows.Select(row => $"  {{ \"name\": \"{row.Name}\", \"age\": {Frame.Number(row.Age)}, \"town\": \"{row.Town}\" }}");
        var faulty = rows.Select(row => $"  {{ name: '{row.Name}', age: {Frame.Number(row.Age)}, town: '{row.Town}' }}");
        return Script.Of(prompt, new Draft
        {
            Exact = true,
            Lead = "Here you are:",
            Block = new Block($"[\n{string.Join(",\n", lines)}\n]", "json"),
            WrongBlock = new Block($"[\n{string.Join('\n', faulty)}\n]", "json"),
        });
    }

    public static Script Sort(Dice dice)
    {
        var words = dice.Sample(Items, dice.Between(5, 8));
        var backwards = dice.Chance(0.3);
        var sorted = words.Order(StringComparer.Ordinal).ToList();
        if (backwards) sorted.Reverse();
        var prompt = dice.PickOne(
            "Sort these words alphabetically", "Put the following words in alphabetical order", "Arrange alphabetically")
            + (backwards ? ", from Z to A: " : ": ") + string.Join(", ", words) + dice.PickOne("", ".", ". Only the list.");
        return Script.Of(prompt, new Draft
        {
            Lead = string.Join(", ", sorted) + ".",
            WrongLead = string.Join(", ", dice.Sample(sorted, sorted.Count - 1)) + ".",
            Chat = true,
            Exact = true,
        });
    }

    public static Script Count(Dice dice)
    {
        var word = dice.Pick(Items);
        var letter = word[dice.Between(0, word.Length - 1)];
        var count = word.Count(c => c == letter);
        var other = dice.Sample(Items, 2);
        var prompt = dice.Chance(0.5)
            ? $"How often does the letter \"{letter}\" occur in \"{word}\"? And which is longer, \"{other[0]}\" or \"{other[1]}\"?"
            : $"Count the letter {letter} in the word {word}, then spell \"{other[0]}\" backwards.";
        var second = prompt.StartsWith('H')
            ? other[0].Length == other[1].Length
                ? $"Both \"{other[0]}\" and \"{other[1]}\" have {Frame.Number(other[0].Length)} letters."
                : $"The longer word is \"{(other[0].Length > other[1].Length ? other[0] : other[1])}\"."
            : $"Backwards it is \"{Backwards(other[0])}\".";
        return Script.Of(prompt, new Draft
        {
            Lead = $"The letter \"{letter}\" occurs *{Times(count)}* in \"{word}\". {second}",
            WrongLead = $"The letter \"{letter}\" occurs *{Times(count + 1)}* in \"{word}\". {second}",
            Chat = true,
            Exact = true,
        });
    }

    public static Script Sentiment(Dice dice)
    {
        var good = dice.Chance(0.5);
        var thing = dice.PickOne(
            "headphones", "hotel", "vacuum cleaner", "restaurant", "running shoes", "language course", "tent", "coffee machine",
            "office chair", "museum tour");
        var opening = dice.PickOne(
            "I used it for three weeks.", "We came with low expectations.", "It was a present from my sister.",
            "I bought it after a long search.", "My second one of this kind.");
        var praise = dice.Sample(
            ["Everything worked at once.", "The people were kind and quick.", "It is worth every cent.",
                "I would choose it again tomorrow.", "The quality surprised me.", "Even my critical father liked it."],
            2);
        var blame = dice.Sample(
            ["It broke on the second day.", "Nobody answered my mails.", "It was far too loud.", "I want my money back.",
                "The pictures had promised something else.", "Never again."],
            2);
        var text = string.Join(
            ' ',
            [opening, .. good ? praise : blame, dice.Chance(0.5) ? (good ? "Only the packaging was ugly." : "At least it was cheap.") : ""])
            .Trim();
        var prompt = dice.PickOne(
            "Is this review positive or negative?", "Classify the sentiment and give a reason in one sentence.",
            "Positive, negative or neutral?")
            + $"\n\nReview ({thing}): \"{text}\"";
        return Script.Of(prompt, new Draft
        {
            Lead = good ? $"*Positive*: the writer says \"{praise[0]}\"" : $"*Negative*: the writer says \"{blame[0]}\"",
            WrongLead = good ? "*Negative*: the writer seems to be disappointed." : "*Positive*: the writer seems to be happy with it.",
            Chat = true,
            Exact = true,
        });
    }

    public static Script Sql(Dice dice)
    {
        var (table, key, number) = dice.Pick<(string, string, string)>(
        [
            ("orders", "customer", "amount"), ("visits", "page", "seconds"), ("sales", "region", "revenue"), ("loans", "reader", "days"),
            ("trips", "driver", "kilometres"), ("tickets", "agent", "minutes"), ("harvest", "field", "tonnes"),
            ("invoices", "supplier", "total"),
        ]);
        var top = dice.Between(3, 12);
        var least = dice.Between(2, 40) * 5;
        var (word, function) = dice.Pick<(string, string)>([("total", "SUM"), ("average", "AVG"), ("highest", "MAX")]);
        var prompt = Frame.Fill(
            dice.PickOne(
                "SQL: table {t} has the columns {k}, {n} and day. I need the {w} {n} per {k}, only above {l}, the top {c}.",
                "Write a query for PostgreSQL that shows the {c} {k}s with the largest {w} {n} in {t}, ignoring those at or below {l}.",
                "From the table {t}, how do I get the {w} {n} for each {k} where it exceeds {l}, limited to {c} rows?"),
            ("t", table), ("k", key), ("n", number), ("w", word), ("c", Frame.Number(top)), ("l", Frame.Number(least)));
        var select = $"SELECT {key}, {function}({number}) AS {word}_{number}\nFROM {table}\n";
        return Script.Of(prompt, new Draft
        {
            Lead = "Group the rows, filter the *groups* with HAVING, sort and limit:",
            Block = new Block(
                $"{select}GROUP BY {key}\nHAVING {function}({number}) > {Frame.Number(least)}\nORDER BY {word}_{number} DESC\n"
                    + $"LIMIT {Frame.Number(top)};",
                "sql"),
            WrongBlock = new Block($"{select}WHERE {function}({number}) > {Frame.Number(least)}\nLIMIT {Frame.Number(top)};", "sql"),
            Sections =
            [
                Section.Of("Remarks",
                [
                    "`WHERE` filters rows before grouping, `HAVING` filters *groups* afterwards.",
                    $"An index on `{key}` helps when the table is large.",
                    "Rows in which the number is NULL are left out of the calculation.",
                ]),
            ],
        });
    }

    private static string Times(int count) => count == 1 ? "once" : $"{Frame.Number(count)} times";

    private static string Backwards(string word) => string.Concat(word.Reverse());

    private static List<(string Name, int Age, string Town)> Rows(Dice dice, int count) =>
        [.. dice.Sample(People, count).Select(name => (name, dice.Between(18, 79), dice.Pick(Towns)))];

    private static string Notes(Dice dice, List<(string Name, int Age, string Town)> rows)
    {
        var frame = dice.PickOne("{n} ({a}) lives in {t}", "{n}, {a}, {t}", "{n} is {a} and comes from {t}");
        return string.Join("; ", rows.Select(row => Frame.Fill(frame, ("n", row.Name), ("a", Frame.Number(row.Age)), ("t", row.Town))));
    }

    private static string Markdown(List<(string Name, int Age, string Town)> rows)
    {
        var text = new StringBuilder("| Name | Age | Town |\n| --- | --- | --- |");
        foreach (var (name, age, town) in rows)
        {
            text.Append("\n| ").Append(name).Append(" | ").Append(Frame.Number(age)).Append(" | ").Append(town).Append(" |");
        }
        return text.ToString();
    }
}
