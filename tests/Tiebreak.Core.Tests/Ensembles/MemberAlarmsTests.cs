using Tiebreak.Core.Battles;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Tests.Calibration;

namespace Tiebreak.Core.Tests.Ensembles;

/// <summary>An ensemble of three judges, of which one is broken in a way that happens.</summary>
public sealed class MemberAlarmsTests
{
    private readonly Preference[] _truth;
    private readonly LabelledBattles _labelled;

    public MemberAlarmsTests() => (_truth, _labelled) = Planted.Create(600, seed: 1);

    [Fact]
    public void Honest_members_raise_no_alarm()
    {
        IReadOnlyList<Preference>[] members = [_truth, Flatter(_truth), [.. _truth.Select(_ => new Preference(0.35, 0.34, 0.31))]];
        Assert.Empty(MemberAlarms.Find(members, 0, _labelled));
        Assert.Empty(MemberAlarms.Find(members, 1, _labelled));
        Assert.Empty(MemberAlarms.FindBeside(members, 0));
    }

    [Theory]
    [InlineData("exchanged", nameof(PredictionAlarmKind.Exchanged), "swapped")]
    [InlineData("exchanged", nameof(PredictionAlarmKind.AntiCorrelated), "exchanged in its columns")]
    [InlineData("no tie", nameof(PredictionAlarmKind.MissingClass), "a tie")]
    [InlineData("random", nameof(PredictionAlarmKind.WorseThanShares), "adapter that was not loaded")]
    [InlineData("constant", nameof(PredictionAlarmKind.Constant), "head was not loaded")]
    public void A_planted_mistake_raises_its_alarm(string mistake, string kind, string cause)
    {
        IReadOnlyList<Preference>[] members = [_truth, Broken(mistake), Flatter(_truth)];
        var alarm = Assert.Single(
            MemberAlarms.Find(members, 1, _labelled), alarm => string.Equals($"{alarm.Kind}", kind, StringComparison.Ordinal));
        Assert.Contains(cause, alarm.Message, StringComparison.Ordinal);
        Assert.Empty(MemberAlarms.Find(members, 0, _labelled));
    }

    [Fact]
    public void Without_labels_a_member_is_looked_at_beside_the_others()
    {
        IReadOnlyList<Preference>[] members = [_truth, Broken("exchanged"), Flatter(_truth)];
        Assert.Equal([PredictionAlarmKind.AntiCorrelated], MemberAlarms.FindBeside(members, 1).Select(alarm => alarm.Kind));
        Assert.Empty(MemberAlarms.FindBeside(members, 0));
        Assert.Equal([PredictionAlarmKind.Exchanged], MemberAlarms.FindBeside(members[..2], 0).Select(alarm => alarm.Kind));
        members[1] = Broken("no tie");
        Assert.Contains(MemberAlarms.FindBeside(members, 1), alarm => alarm.Kind == PredictionAlarmKind.MissingClass);
    }

    private Preference[] Broken(string mistake)
    {
        var random = new SeededRandom(9);
        return
        [
            .. _truth.Select(said => mistake switch
            {
                "exchanged" => said.Swapped(),
                "no tie" => Preference.Normalised(said.A, said.B, 0.001 * said.Tie),
                "random" => Preference.FromScores(2 * random.NextDouble(), 2 * random.NextDouble(), 2 * random.NextDouble()),
                _ => new Preference(0.2, 0.3, 0.5),
            }),
        ];
    }

    private static Preference[] Flatter(Preference[] truth) =>
        [.. truth.Select(said => Preference.Normalised(said.A + 0.2, said.B + 0.2, said.Tie + 0.2))];
}
