using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Testing;

/// <summary>
/// Made-up battles in which it is known how much prompts matter and who writes how. Four models meet on four kinds of prompts; "coder-1" is
/// strong on code and "poet-1" on poems by <paramref name="effect"/>, which 0 switches off. Verdicts are drawn from Davidson's model. Every
/// model has words and a form of its own.
/// </summary>
/// <param name="effect">What a speciality adds to a strength, in natural logarithms of odds.</param>
public sealed class PlantedBattles(double effect)
{
    public const string Strong = "titan-large";

    private const double LogNu = 0.1;

    private static readonly (string Model, double Strength, string Opening, string Closing)[] Writers =
    [
        (Strong, 1.0, "Certainly.", "I hope this overview is useful."),
        ("coder-1", 0.0, "```\nreturn value;\n```", "Done."),
        ("poet-1", 0.0, "Behold,", "thus sings the river."),
        ("tiny-1", -0.8, "ok", "ok."),
    ];

    private static readonly (string Kind, string[] Openings)[] Kinds =
    [
        ("code", ["Write a function that sorts", "Fix this loop {i++;} over", "Implement a class for"]),
        ("poem", ["Write a poem about", "Compose a sonnet about", "A haiku about"]),
        ("fact", ["Who discovered", "When was the first", "Explain briefly the history of"]),
        ("plan", ["Plan a week with", "Draft an email about", "List ten ideas for"]),
    ];

    private static readonly string[] Things =
    [
        "rivers", "numbers", "lamps", "gardens", "trains", "cheese", "winter", "maps", "violins", "bridges", "clouds", "stamps", "oceans",
        "tables", "names", "shoes", "birds", "glass",
        "stones", "letters", "moons", "roads", "books", "apples", "wolves", "doors", "sails", "bells", "coins", "forests",
    ];

    /// <summary>The names of the models.</summary>
    public static IReadOnlyList<string> Models { get; } = [.. Writers.Select(writer => writer.Model)];

    /// <summary>The true preference of a battle between two models on a kind of prompt.</summary>
    public Preference Truth(string modelA, string modelB, string kind)
    {
        var half = (StrengthOf(modelA, kind) - StrengthOf(modelB, kind)) / 2;
        return Preference.FromScores(half, -half, LogNu);
    }

    /// <summary>Draws battles.</summary>
    public IReadOnlyList<Battle> Create(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var battles = new Battle[count];
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (random.Next(Writers.Length), random.Next(Writers.Length - 1));
            b += b >= a ? 1 : 0;
            var (kind, openings) = Kinds[random.Next(Kinds.Length)];
            var prompt = $"{openings[random.Next(openings.Length)]} {Things[random.Next(Things.Length)]} and "
                + $"{Things[random.Next(Things.Length)]} number {random.Next(40)}.";
            var truth = Truth(Writers[a].Model, Writers[b].Model, kind);
            var draw = random.NextDouble();
            battles[i] = new Battle
            {
                Id = $"{i}",
                Turns = [new Turn(prompt, Answer(ref random, a), Answer(ref random, b))],
                ModelA = Writers[a].Model,
                ModelB = Writers[b].Model,
                Verdict = draw < truth.A ? Verdict.A : draw < truth.A + truth.B ? Verdict.B : Verdict.Tie,
            };
        }

        return battles;
    }

    private static string Answer(ref SeededRandom random, int writer)
    {
        var words = new string[5 + random.Next(20)];
        for (var i = 0; i < words.Length; i++)
            words[i] = Things[random.Next(Things.Length)];

        // Now and then a model writes like nobody in particular.
        return random.NextDouble() < 0.15
            ? string.Join(' ', words)
            : $"{Writers[writer].Opening} {string.Join(' ', words)}. {Writers[writer].Closing}";
    }

    private double StrengthOf(string model, string kind) =>
        Writers.Single(writer => string.Equals(writer.Model, model, StringComparison.Ordinal)).Strength
            + ((model, kind) is ("coder-1", "code") or ("poet-1", "poem") ? effect : 0);
}
