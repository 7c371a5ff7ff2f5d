using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>Arithmetic, equations, percentages and puzzles, with a right and a wrong result.</summary>
internal static class NumberFamilies
{
    public static Script Shop(Dice dice, Tongue tongue)
    {
        int count = dice.Between(3, 24), price = dice.Between(2, 19), rest = dice.Between(3, 20), product = count * price;
        (string, string)[] slots = [("n", N(count)), ("p", N(price)), ("r", N(rest)), ("m", N(product)), ("a", N(product + rest))];
        var wrong = N(product + rest + dice.PickWrong());
        return Script.Of(Frame.Fill(tongue.Say(dice, "shop"), slots), new Draft
        {
            Exact = true,
            Lead = Frame.Fill(tongue.Say(dice, "shop.answer"), slots),
            WrongLead = Frame.Fill(tongue.Say(dice, "shop.answer"), ("a", wrong)),
            Sections = [Section.Of(tongue.Say(dice, "h.main"), [Frame.Fill(tongue.Say(dice, "shop.step"), slots)])],
        }) with
        { Tongue = tongue };
    }

    public static Script ShopEnglish(Dice dice)
    {
        int count = dice.Between(
            3, 24), price = dice.Between(2, 19), rest = dice.Between(3, 60), paid = ((count * price) + rest + 99) / 50 * 50;
        var who = dice.PickOne("A school", "My aunt", "The club", "A café", "Our office", "Tom", "A farmer");
        var thing = dice.PickOne("notebooks", "chairs", "bags of flour", "footballs", "lamps", "tickets", "rose bushes", "T-shirts");
        var total = (count * price) + rest;
        return Solve(
            $"{who} buys {N(count)} {thing} at {N(price)} dollars each and pays {N(rest)} dollars for delivery. "
                + $"{dice.PickOne("How much is it in all", "What is the bill", "What does that cost")}, and how much change comes back "
                + $"from {N(paid)} dollars?",
            $"The total is *{N(total)} dollars* and the change *{N(paid - total)} dollars*.",
            $"The total is *{N(total + dice.PickWrong())} dollars* and the change *{N(paid - total + dice.PickWrong())} dollars*.",
            $"{N(count)} × {N(price)} = {N(count * price)}",
            $"{N(count * price)} + {N(rest)} = {N(total)}",
            $"{N(paid)} − {N(total)} = {N(paid - total)}");
    }

    public static Script Percent(Dice dice)
    {
        int price = dice.Between(4, 60) * 20, off = dice.Between(1, 9) * 5, second = dice.Between(1, 4) * 5;
        var after = price * (100 - off) / 100.0;
        var end = after * (100 - second) / 100;
        var thing = dice.PickOne("A bicycle", "A sofa", "A camera", "A winter coat", "A fridge", "A piano", "A course");
        return Solve(
            $"{thing} costs {N(price)} euros. It is reduced by {N(off)} %, and at the till there is another {N(second)} % off. "
                + $"{dice.PickOne("What do I pay?", "What is the final price?", "What is the total discount in euros?")}",
            $"You pay *{F(end)} euros*, which is {F(price - end)} euros less than the full price.",
            $"You pay *{F(price * (100 - off - second) / 100.0)} euros*, because the discounts add up to {N(off + second)} %.",
            $"{N(price)} × {F((100 - off) / 100.0)} = {F(after)}",
            $"{F(after)} × {F((100 - second) / 100.0)} = {F(end)}",
            "The second reduction applies to the already reduced price, so the two cannot simply be added");
    }

    public static Script Speed(Dice dice)
    {
        int speed = dice.Between(6, 26) * 5, hours = dice.Between(1, 5), half = dice.Between(0, 1), pause = dice.Between(1, 5) * 10;
        var distance = speed * (hours + (half * 0.5));
        var minutes = (hours * 60) + (half * 30) + pause;
        var vehicle = dice.PickOne("A bus", "A regional train", "A lorry", "A car", "A motorboat");
        return Solve(
            $"{vehicle} covers {F(distance)} km at an average of {N(speed)} km/h and stops once for {N(pause)} minutes. "
                + $"It leaves at {N(dice.Between(6, 9))}:00. How long is it under way in all?",
            $"It is under way for *{N(minutes / 60)} h {N(minutes % 60)} min*.",
            $"It is under way for *{N((minutes - pause) / 60)} h {N((minutes - pause) % 60)} min*.",
            $"{F(distance)} ÷ {N(speed)} = {F(distance / speed)} hours of driving",
            $"Plus {N(pause)} minutes for the stop");
    }

    public static Script Linear(Dice dice)
    {
        int a = dice.Between(2, 12), x = dice.Between(-9, 15), b = dice.Between(-20, 30), c = (a * x) + b;
        var sign = b < 0 ? "−" : "+";
        return Solve(
            $"{dice.PickOne("Solve for x:", "What is x if", "Find x:", "Please solve")} {N(a)}x {sign} {N(Math.Abs(b))} = "
                + $"{N(c)}{dice.PickOne("", " and check the result", ". Show your steps")}",
            $"*x = {N(x)}*",
            $"*x = {N(x + dice.PickWrong())}*",
            $"{(b < 0 ? "Add" : "Subtract")} {N(Math.Abs(b))} on both sides: {N(a)}x = {N(c - b)}",
            $"Divide by {N(a)}: x = {N(x)}",
            $"Check: {N(a)} × ({N(x)}) {sign} {N(Math.Abs(b))} = {N(c)}");
    }

    public static Script Quadratic(Dice dice)
    {
        int one = dice.Between(1, 9), two = dice.Between(one + 1, 14), sum = one + two, product = one * two;
        return Solve(
            $"{dice.PickOne("What are the roots of", "Solve the quadratic equation", "For which x is")} x² − {N(sum)}x + {N(product)} = "
                + $"0{dice.PickOne("?", ", please", "? I get two different results", " (by factoring)")}",
            $"*x = {N(one)}* or *x = {N(two)}*.",
            $"*x = −{N(one)}* or *x = −{N(two)}*.",
            $"Look for two numbers with product {N(product)} and sum {N(sum)}: {N(one)} and {N(two)}",
            $"So the equation becomes (x − {N(one)})(x − {N(two)}) = 0",
            "A product is zero when one of its factors is zero");
    }

    public static Script Average(Dice dice)
    {
        int[] values = [.. Enumerable.Range(0, dice.Between(4, 7)).Select(_ => dice.Between(2, 60))];
        var mean = values.Average();
        int[] sorted = [.. values.Order()];
        var median = sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2.0;
        var list = string.Join(", ", values.Select(N));
        return Solve(
            $"{dice.PickOne("Mean and median of", "What are the average and the median of", "I measured these values, give me mean and median:")} {list}{dice.PickOne("?", "", " please")}",
            $"The mean is *{F(mean)}* and the median *{F(median)}*.",
            $"The mean is *{F(mean + 1)}* and the median *{F(values[values.Length / 2])}*.",
            $"Sum: {N(values.Sum())}, divided by {N(values.Length)} gives {F(mean)}",
            $"In order: {string.Join(", ", sorted.Select(N))}");
    }

    public static Script Interest(Dice dice)
    {
        int sum = dice.Between(5, 80) * 100, rate = dice.Between(1, 8), years = dice.Between(2, 15);
        var end = sum * Math.Pow(1 + (rate / 100.0), years);
        return Solve(
            $"{dice.PickOne("I put", "Suppose I invest", "My grandmother left me")} {N(sum)} euros at {N(rate)} % a "
                + $"year{dice.PickOne(", interest added yearly", "")}. How much is it after {N(years)} years with compound interest?",
            $"About *{F(end)} euros*.",
            $"Exactly *{F(sum * (1 + (rate * years / 100.0)))} euros*.",
            $"The sum grows by the factor {F(1 + (rate / 100.0))} each year",
            $"{N(sum)} × {F(1 + (rate / 100.0))}^{N(years)} ≈ {F(end)}",
            $"Without compounding it would be {F(sum * (1 + (rate * years / 100.0)))} euros");
    }

    public static Script Pattern(Dice dice)
    {
        int start = dice.Between(1, 12), step = dice.Between(2, 9), factor = dice.Between(2, 3);
        var doubling = dice.Chance(0.5);
        var row = new List<int> { start };
        for (var i = 0; i < 5; i++) row.Add(doubling ? (row[^1] * factor) + step : row[^1] + (step * (i + 1)));
        var rule = doubling ? $"multiply by {N(factor)} and add {N(step)}" : $"the differences grow by {N(step)} each time";
        return Solve(
            $"{dice.PickOne("Which number comes next:", "Continue the sequence", "What is the rule behind", "Brain teaser! Next number?")} "
                + $"{string.Join(", ", row.Take(5).Select(N))}, ?",
            $"The next number is *{N(row[5])}*.",
            $"The next number is *{N(row[5] + dice.PickWrong())}*.",
            $"Rule: {rule}",
            $"Applied to {N(row[4])} this gives {N(row[5])}");
    }

    public static Script Ages(Dice dice)
    {
        int child = dice.Between(3, 15), factor = dice.Between(2, 5), later = dice.Between(2, 12);
        var (one, two) = dice.Pick<(string, string)>(
            [("Mia", "her mother"), ("Ravi", "his father"), ("Lotte", "her uncle"), ("Sam", "his coach"), ("Ada", "her neighbour")]);
        return Solve(
            $"{Frame.Capital(two)} is {N(factor)} times as old as {one}. "
                + $"In {N(later)} years they will be {N((child * (factor + 1)) + (2 * later))} years old together. How old is {one} now?",
            $"{one} is *{N(child)}* years old.",
            $"{one} is *{N(child + later)}* years old.",
            $"Let x be the age of {one}; then {two} is {N(factor)}x",
            $"(x + {N(later)}) + ({N(factor)}x + {N(later)}) = {N((child * (factor + 1)) + (2 * later))}",
            $"{N(factor + 1)}x = {N(child * (factor + 1))}, so x = {N(child)}");
    }

    public static Script Convert(Dice dice)
    {
        var (from, to, factor) = dice.Pick<(string, string, double)>(
        [
            ("miles", "kilometres", 1.609), ("pounds", "kilograms", 0.4536), ("inches", "centimetres", 2.54),
            ("US gallons", "litres", 3.785),
            ("ounces", "grams", 28.35), ("feet", "metres", 0.3048), ("acres", "hectares", 0.4047), ("knots", "km/h", 1.852),
        ]);
        var value = dice.Between(3, 240);
        return Solve(
            $"{dice.PickOne("Convert", "How much is", "I need to know", "What would be")} {N(value)} {from} in "
                + $"{to}{dice.PickOne("?", ", rounded to one decimal", " - a rule of thumb would help too", " for a European reader")}",
            $"{N(value)} {from} are about *{Frame.Number(value * factor, 1)} {to}*.",
            $"{N(value)} {from} are about *{Frame.Number(value / factor, 1)} {to}*.",
            $"1 of the {from} corresponds to {Frame.Number(factor, 4)} {to}",
            $"{N(value)} × {Frame.Number(factor, 4)} ≈ {Frame.Number(value * factor, 1)}");
    }

    public static Script Luck(Dice dice)
    {
        int red = dice.Between(2, 9), blue = dice.Between(2, 9), all = red + blue;
        var colour = dice.PickOne("red", "green", "white");
        var end = red * (red - 1) / (double)(all * (all - 1));
        return Solve(
            $"A bag holds {N(red)} {colour} and {N(blue)} black balls. I draw two without putting the first one back. "
                + $"{dice.PickOne("What is the probability that both are", "How likely is it that I get two times", "Chance of both being")} {colour}?",
            $"The probability is *{Frame.Number(end * 100, 1)} %*.",
            $"The probability is *{Frame.Number(red * red / (double)(all * all) * 100, 1)} %*.",
            $"First ball: {N(red)}/{N(all)}",
            $"Second ball: {N(red - 1)}/{N(all - 1)}",
            $"Product: {Frame.Number(end, 4)}");
    }

    public static Script Area(Dice dice)
    {
        int length = dice.Between(3, 18), width = dice.Between(2, 12), litres = dice.Between(4, 12);
        var area = length * width;
        var cans = (area + litres - 1) / litres;
        var what = dice.PickOne("wall", "fence", "floor", "deck", "ceiling");
        return Solve(
            $"I want to paint a {what} of {N(length)} m by {N(width)} m. One tin is enough for {N(litres)} square "
                + $"metres{dice.PickOne(".", " and costs 18 euros.", ", one coat.")} How many tins do I need?",
            $"You need *{N(cans)} tins*.",
            $"You need *{N(Math.Max(1, 2 * (length + width) / litres))} tins*.",
            $"Area: {N(length)} × {N(width)} = {N(area)} m²",
            $"{N(area)} ÷ {N(litres)} = {F(area / (double)litres)}, rounded up");
    }

    private static Script Solve(string prompt, string answer, string wrong, params ReadOnlySpan<string> steps)
    {
        var section = Section.Of("Steps", [.. steps.ToArray().Select(step => step + ".")], ordered: true);
        return Script.Of(prompt, new Draft { Exact = true, Lead = answer, WrongLead = wrong, Sections = [section] });
    }

    private static int PickWrong(this Dice dice) => dice.Between(1, 9) * (dice.Chance(0.5) ? 1 : -1);

    private static string N(int value) => value < 0 ? "−" + Frame.Number(-value) : Frame.Number(value);

    private static string F(double value) => Frame.Number(value, 2);
}
