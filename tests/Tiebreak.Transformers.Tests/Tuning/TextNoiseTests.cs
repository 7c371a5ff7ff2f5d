using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tests.Judges;
using Tiebreak.Transformers.Tuning;
using Tiebreak.Transformers.Tuning.Noise;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>What a step leaves out of its texts.</summary>
public sealed class TextNoiseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Words_are_left_out_and_special_tokens_and_ends_stay()
    {
        var (noise, examples, input) = Noise(new TuningOptions { WordDropout = 0.3 }, turns: 1);
        var (all, left) = (0, 0);
        for (var battle = 0; battle < 20; battle++)
        {
            var example = new Example(battle, battle % 2 == 1, 1);
            var (before, after) = (examples.RowOf(example).Sequences[0].Tokens, noise.RowOf(example, step: 3, battle).Sequences[0].Tokens);
            Assert.Equal((before[0], before[^1]), (after[0], after[^1]));
            Assert.Equal(before.Where(input.Tokenizer.IsSpecial), after.Where(input.Tokenizer.IsSpecial));
            Assert.Equal(after, noise.RowOf(example, step: 3, battle).Sequences[0].Tokens); // a step that is taken again
            Assert.NotEqual(after, noise.RowOf(example, step: 4, battle).Sequences[0].Tokens);
            var place = 0; // those that stay are in order
            Assert.All(after, token => place = Enumerable.Range(place, before.Count - place).First(i => before[i] == token) + 1);
            (all, left) = (all + before.Count, left + after.Count);
        }

        Assert.InRange(left / (double)all, 0.65, 0.75);
    }

    [Fact]
    public void Turns_are_left_out_but_the_last_one()
    {
        var (noise, examples, input) = Noise(new TuningOptions { TurnDropout = 1 }, turns: 3);
        foreach (var isSwapped in new[] { false, true })
        {
            var row = noise.RowOf(new Example(2, isSwapped, 1), step: 0, place: 0);
            var last = row.Battle with { Turns = [row.Battle.Turns[^1]] };
            Assert.Equal(input.Sequences.Of(isSwapped ? last.Swapped() : last)[0].Tokens, row.Sequences[0].Tokens);
            Assert.Equal(examples.RowOf(new Example(2, isSwapped, 1)).Target, row.Target);
        }

        var (half, _, _) = Noise(new TuningOptions { TurnDropout = 0.5 }, turns: 3);
        var lengths = Enumerable.Range(0, 40).Select(step => half.RowOf(new Example(2, false, 1), step, 0).Tokens);
        Assert.InRange(lengths.Distinct().Count(), 3, 4); // turns 3, 1 and 3, 2 and 3, all
    }

    private (TextNoise Noise, TuningExamples Examples, BattleInput Input) Noise(TuningOptions options, int turns)
    {
        var model = Directory.Exists(_folder["gemma"]) ? _folder["gemma"] : TinyModel.Gemma(_folder);
        var recipe = JudgeRecipe.Read(new Recipe("transformer", new() { ["model"] = model, ["max_tokens"] = 512 }));
        var input = BattleInput.Open(recipe, model, chat: null);
        var battles = SyntheticBattles.Create(60);
        var longer = Enumerable.Range(0, 20).Select(i => battles[i] with
        {
            Turns = [.. Enumerable.Range(0, turns).Select(turn => battles[i + (20 * turn)].Turns[0])],
        });
        var examples = TuningExamples.Of(
            new LabelledBattles([.. longer]), input.Sequences, [.. Enumerable.Repeat(1.0, 20)], false, threads: 1, CancellationToken.None);
        return (new TextNoise(examples, input, options, seed: 5), examples, input);
    }
}
