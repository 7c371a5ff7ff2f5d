using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tests.Judges;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Tests.Tuning;

public sealed class TuningExamplesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Votes_of_several_people_are_a_target_where_they_are_asked_for(bool learnsFromAnnotators)
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Gemma(folder);
        var recipe = JudgeRecipe.Read(new Recipe("transformer", new() { ["model"] = model, ["max_tokens"] = 64 }));
        Battle[] battles =
        [
            SyntheticBattles.Create(1)[0] with { Verdict = Verdict.A, Annotators = ["model_a", "model_a (3)", "tie", "model_b"] },
            SyntheticBattles.Create(1)[0] with { Verdict = Verdict.A, Annotators = ["model_b"] },
        ];
        var input = BattleInput.Open(recipe, model, chat: null);
        var said = new Preference(0.7, 0.2, 0.1);
        var examples = TuningExamples.Of(
            new LabelledBattles(battles).WithTeachers([[said, null]]), input.Sequences, [3, 1], learnsFromAnnotators, threads: 1, CancellationToken.None);

        var shares = learnsFromAnnotators ? new Preference(0.5, 0.25, 0.25) : new Preference(1, 0, 0);
        Assert.Equal(shares, examples.RowOf(new Example(0, false, 1)).Target);
        Assert.Equal(shares.Swapped(), examples.RowOf(new Example(0, true, 1)).Target);
        Assert.Equal(new Preference(1, 0, 0), examples.RowOf(new Example(1, false, 1)).Target); // one vote is the verdict's
        Assert.Equal([said.Swapped()], examples.RowOf(new Example(0, true, 1)).Teachers);
        Assert.Equal([null], examples.RowOf(new Example(1, true, 1)).Teachers);
        Assert.Equal(1.5, examples.RowOf(new Example(0, false, 1)).Weight);
        Assert.Equal(0.25, examples.RowOf(new Example(1, true, 0.5)).Weight);
        Assert.Equal(new Preference(1, 0, 0), examples.Labels[0]);
    }
}
