using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Comparing;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Comparing;

public sealed class FileComparisonTests
{
    [Fact]
    public void Halves_of_one_file_are_not_told_apart()
    {
        // A 95 % interval misses in one draw of twenty: of ten, three or more are past chance in about one of a hundred.
        var apart = Enumerable.Range(0, 10).Count(seed =>
        {
            var battles = SyntheticBattles.Create(400, seed: (ulong)seed);
            return Compare(Half(battles, 0), Half(battles, 1)).Separations[0].AucInterval.Lower > 0.5;
        });
        Assert.InRange(apart, 0, 2);
    }

    [Fact]
    public void What_was_planted_is_named_and_tells_the_files_apart()
    {
        var battles = SyntheticBattles.Create(600);
        var planted = Half(battles, 1).Select((battle, i) => i % 2 == 0 ? battle : battle with
        {
            Turns = [battle.Turns[0] with { Prompt = $"Please write python: {battle.Turns[0].Prompt}" }],
        });

        var comparison = Compare(Half(battles, 0), planted);

        Assert.InRange(comparison.Separations[0].Auc, 0.7, 0.8); // half of the battles cannot be told
        Assert.InRange(comparison.Separations.Single(by => by.By is "words").Auc, 0.7, 0.8);
        Assert.Contains(comparison.Shifts.Take(4), shift => shift.Feature.Name is "python" && shift is { First: 0, Second: 0.5 });
        Assert.DoesNotContain(comparison.Separations, by => by.By is "models");
        Assert.All(comparison.Battles.Where(battle => battle.Battle.Turns[0].Prompt!.Contains("python", StringComparison.Ordinal)),
            battle => Assert.True(battle.Probability > 0.8));
    }

    [Fact]
    public void Results_do_not_depend_on_the_threads()
    {
        var battles = SyntheticBattles.Create(200);
        var (one, two) = (Compare(battles.Take(80), battles.Skip(80)), Compare(battles.Take(80), battles.Skip(80), threads: 3));

        Assert.Equal(one.Battles.Select(battle => battle.Probability), two.Battles.Select(battle => battle.Probability));
        Assert.Equal(one.Separations, two.Separations);
    }

    [Fact]
    public void A_file_about_few_prompts_is_refused()
    {
        var battles = SyntheticBattles.Create(60);
        var error = Assert.Throws<InputException>(() => Compare(battles.Take(40), battles.Skip(50)));
        Assert.Contains("10 different prompts", error.Message, StringComparison.Ordinal);
    }

    // Prompts are numbered, so that later ones are longer.
    private static IEnumerable<Battle> Half(IReadOnlyList<Battle> battles, int half) => battles.Where((_, i) => i % 2 == half);

    private static FileComparison Compare(IEnumerable<Battle> first, IEnumerable<Battle> second, int threads = 1) =>
        FileComparison.Of([.. first], [.. second], seed: 0, threads, TestContext.Current.CancellationToken);
}
