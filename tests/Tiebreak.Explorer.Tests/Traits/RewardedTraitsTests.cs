using System.Text;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Explorer.Tests.Server;
using Tiebreak.Explorer.Traits;

namespace Tiebreak.Explorer.Tests.Traits;

public sealed class RewardedTraitsTests
{
    private const int Battles = 2_000;
    private const int Sentences = 9;

    [Fact]
    public void What_people_reward_is_found_in_the_whole_and_in_slices()
    {
        var style = VotedStyle.Gather(Planted(), Battles, threads: 2, progress: null, TestContext.Current.CancellationToken);
        var document = RewardedTraits.Of(style, Battles, threads: 2, TestContext.Current.CancellationToken);
        Assert.Equal(Battles, document.Votes);
        Assert.True(document.Traits.Single(trait => trait.Trait is "bold").Interval.Lower > 0);
        Assert.DoesNotContain(document.Traits, trait => trait.Trait is "tables"); // no answer has any

        var bold = document.Slices.Where(slice => slice.By is "Language")
            .ToDictionary(slice => slice.Name, slice => slice.Traits.Single(trait => trait.Trait is "bold"), StringComparer.Ordinal);
        Assert.True(bold["English"].Value > 0.3 && bold["German"].Value < 0);
        Assert.True(bold["English"].PValue < 0.01);
        Assert.Equal(["ann", "bob"], document.Slices.Where(slice => slice.By is "Annotator").Select(slice => slice.Name).Order());
        Assert.All(document.Slices.Where(slice => slice.By is "Annotator").SelectMany(slice => slice.Traits), trait =>
            Assert.True(trait.PValue > 0.05, $"{trait}"));
    }

    [Fact]
    public void Models_have_their_style()
    {
        var style = VotedStyle.Gather(Planted(), Battles, threads: 1, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(["plain", "stressed"], style.Models.Keys);
        Assert.Equal(2 * Battles, style.Models.Values.Sum(model => model.Battles));
        Assert.True(style.Models["stressed"].Bold > 3 * style.Models["plain"].Bold);
    }

    [Fact]
    public void Without_votes_between_models_nothing_is_known() =>
        Assert.Throws<InputException>(() => VotedStyle.Gather(
            Planted().Select(battle => battle with { ModelB = battle.ModelA }), Battles, threads: 1, progress: null,
            TestContext.Current.CancellationToken));

    [Fact]
    public async Task Pages_show_them()
    {
        await using var explorer = await RunningExplorer.StartAsync([.. Planted()]);
        await explorer.UntilWorkedOutAsync("/why");
        Assert.Contains("People reward", await explorer.GetAsync("/why"), StringComparison.Ordinal);
        Assert.StartsWith("by,part,votes,trait,", await explorer.GetAsync("/why.csv"), StringComparison.Ordinal);
        Assert.Contains("stressed", await explorer.GetAsync("/models/style"), StringComparison.Ordinal);
        using var models = JsonDocument.Parse(await explorer.GetAsync("/models/style.json"));
        Assert.Equal(2, models.RootElement.GetProperty("models").GetArrayLength());
    }

    /// <summary>Battles in which bold words win in English and lose in German, and one model writes more of them than the other.</summary>
    private static IEnumerable<Battle> Planted()
    {
        var random = new SeededRandom(1);
        for (var i = 0; i < Battles; i++)
        {
            var (isGerman, isExchanged) = (i % 4 == 0, random.Next(2) == 0);
            var (plain, stressed) = (random.Next(3), 1 + random.Next(8));
            var (a, b) = isExchanged ? (stressed, plain) : (plain, stressed);
            var isBolderBetter = random.Next(10) < (isGerman ? 2 : 8);
            yield return new Battle
            {
                Id = $"{i}",
                Turns = [new Turn("What is it?", TextWith(a), TextWith(b))],
                ModelA = isExchanged ? "stressed" : "plain",
                ModelB = isExchanged ? "plain" : "stressed",
                Verdict = a == b ? Verdict.Tie : a > b == isBolderBetter ? Verdict.A : Verdict.B,
                Language = isGerman ? "German" : "English",
                AnnotatorIds = [random.Next(2) == 0 ? "ann" : "bob"],
            };
        }
    }

    private static string TextWith(int bold)
    {
        var text = new StringBuilder("It is this and that, as everybody knows.");
        for (var i = 0; i < Sentences; i++)
            text.Append(i < bold ? " It is **very** good." : " It is very, very good.");
        return text.ToString();
    }
}
