using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Testing;

/// <summary>Small made-up battles whose verdicts follow a rule that a judge can learn: the side that says "good" more often wins.</summary>
public static class SyntheticBattles
{
    private static readonly string[] Words = ["tree", "river", "stone", "cloud", "lamp", "paper", "seven", "green", "walk", "quiet"];

    public static IReadOnlyList<Battle> Create(int count, ulong seed = 1, bool labelled = true)
    {
        var random = new SeededRandom(seed);
        var battles = new List<Battle>(count);
        for (var i = 0; i < count; i++)
        {
            var (goodA, goodB) = (random.Next(4), random.Next(4));
            battles.Add(new Battle
            {
                Id = $"{5_000_000_000 + i}",
                Turns = [new Turn($"Question {i}?", Text(ref random, goodA), Text(ref random, goodB))],
                Verdict = !labelled ? null
                    : random.NextDouble() < 0.2 || goodA == goodB ? Verdict.Tie
                    : goodA > goodB ? Verdict.A
                    : Verdict.B,
            });
        }

        return battles;
    }

    private static string Text(ref SeededRandom random, int good)
    {
        var words = new List<string>();
        for (var i = 0; i < 8 + random.Next(20); i++)
            words.Add(Words[random.Next(Words.Length)]);
        for (var i = 0; i < good; i++)
            words.Insert(random.Next(words.Count), "good");
        return string.Join(' ', words) + ".";
    }
}
