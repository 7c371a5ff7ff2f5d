using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Bundles;

public sealed class SeenBattlesTests
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(60);

    [Fact]
    public async Task A_bundle_knows_its_battles_whatever_their_id_and_order_of_sides()
    {
        using var folder = new TemporaryFolder();
        await new JudgeTraining
        {
            Trainer = new PriorJudgeFormat().CreateTrainer(new Recipe("priors", [])),
            Kind = "priors",
            Out = folder["judge"],
            Data = [],
        }
            .RunAsync(new LabelledBattles(Battles));
        await using var bundle = await Bundle.OpenAsync(folder["judge"], new JudgeRegistry([new PriorJudgeFormat()]));
        var seen = bundle.ReadSeen()!;

        Assert.All(Battles, battle =>
            Assert.True(seen.HasBattle(battle) && seen.HasBattle(battle.Swapped() with { Id = "other" }) && seen.HasPrompt(battle)));
        Assert.DoesNotContain(SyntheticBattles.Create(60, seed: 2), seen.HasBattle);
    }

    [Fact]
    public void Another_answer_to_a_known_prompt_is_a_new_battle()
    {
        var seen = SeenBattles.Of(Battles, threads: 2);
        var turn = Battles[0].Turns[0];
        var other = Battles[0] with { Turns = [turn with { ResponseA = turn.ResponseA + " More." }] };
        Assert.False(seen.HasBattle(other));
        Assert.True(seen.HasPrompt(other));
        Assert.False(seen.HasBattle(Battles[0] with { Turns = [turn, turn] }));
        Assert.False(seen.HasPrompt(Battles[0] with { Turns = [turn with { Prompt = "Never asked." }] }));
    }
}
