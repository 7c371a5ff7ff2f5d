using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Calibration;

/// <summary>Battles whose true preferences are known, and verdicts drawn from them.</summary>
internal static class Planted
{
    public static Preference Draw(Preference truth, SeededRandom random)
    {
        var draw = random.NextDouble();
        return Preference.Certain(draw < truth.A ? Outcome.A : draw < truth.A + truth.B ? Outcome.B : Outcome.Tie);
    }

    /// <summary>True preferences, and the battles with drawn verdicts.</summary>
    public static (Preference[] Truth, LabelledBattles Labelled) Create(int count, ulong seed, Func<int, IReadOnlyList<Turn>>? turns = null)
    {
        var random = new SeededRandom(seed);
        var truth = new Preference[count];
        var battles = new Battle[count];
        for (var i = 0; i < count; i++)
        {
            truth[i] = Preference.FromScores(3 * random.NextDouble(), 3 * random.NextDouble(), 2 * random.NextDouble());
            battles[i] = new Battle
            {
                Id = $"{i}",
                Turns = turns?.Invoke(i) ?? [new Turn($"prompt {i}", "one", "other")],
                SoftLabel = Draw(truth[i], random),
            };
        }

        return (truth, new LabelledBattles(battles));
    }
}
