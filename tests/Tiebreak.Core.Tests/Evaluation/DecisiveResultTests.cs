using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Tests.Evaluation;

public sealed class DecisiveResultTests
{
    [Fact]
    public void The_mass_of_the_tie_does_not_matter_and_ties_are_left_out()
    {
        var labelled = new LabelledBattles(
            [Battle("1", Verdict.A), Battle("2", Verdict.B), Battle("3", Verdict.Tie), Battle("4", Verdict.A)]);
        Preference[] said = [new(0.3, 0.1, 0.6), new(0.2, 0.05, 0.75), new(1, 0, 0), new(0.1, 0.1, 0.8)];

        var result = DecisiveResult.Of(said, labelled);

        Assert.Equal(3, result.Rows);
        Assert.Equal(1.5 / 3, result.Accuracy, 12); // right, wrong, undecided
        Assert.Equal((-Math.Log(0.75) - Math.Log(0.2) - Math.Log(0.5)) / 3, result.LogLoss, 12);
    }

    [Fact]
    public void Without_a_winner_there_is_nothing_to_measure()
    {
        var result = DecisiveResult.Of([Preference.Uniform], new LabelledBattles([Battle("1", Verdict.Tie)]));
        Assert.Equal(0, result.Rows);
        Assert.True(double.IsNaN(result.Accuracy) && double.IsNaN(result.LogLoss) && double.IsNaN(result.AccuracyInterval.Lower));
    }

    private static Battle Battle(string id, Verdict verdict) => new() { Id = id, Turns = [new Turn(id, "a", "b")], Verdict = verdict };
}
