using Tiebreak.Data;
using Tiebreak.Explorer.Tests.Server;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Browser;

/// <summary>
/// Makes pictures of the pages, into the folder that the environment variable TIEBREAK_PICTURES names: of the sample, from which those of
/// docs/explorer.md are taken, and of real battles where they lie beside the checkout, to be looked at.
/// </summary>
public sealed class PictureTests
{
    private static readonly (string Name, string Address)[] Pages =
    [
        ("overview", "/"), ("battles", "/battles"), ("battle", "/battle/9"), ("differences", "/battle/9?view=differences"),
        ("similar", "/battle/9/similar"), ("topics", "/topics"), ("models", "/models"), ("style", "/models/style"),
        ("leaderboard", "/leaderboard"), ("why", "/why"), ("judge", "/judge?judge=one"),
        ("validation", "/judge/validation?judge=one"),
        ("judges", "/judges?judge=one.run&against=two.run"), ("compare", "/compare"), ("runs", "/runs"),
        ("run", "/runs/scoring?name=one.run"), ("training", "/runs/training?name=work"), ("vote", "/vote"),
        ("votes", "/vote/results"),
    ];

    [Theory]
    [InlineData("sample", "samples/battles.jsonl.gz")]
    [InlineData("kaggle", "../shared/real/kaggle/train_head.csv")]
    [InlineData("battles", "../shared/real/battles")]
    public async Task Pictures_of_every_page(string name, string path)
    {
        var folder = Environment.GetEnvironmentVariable("TIEBREAK_PICTURES");
        Assert.SkipWhen(folder is null, "TIEBREAK_PICTURES names no folder for pictures.");
        var place = Path.Combine(Repository.Root, path);
        Assert.SkipUnless(Path.Exists(place), $"There is no {path}.");
        string[] files = Directory.Exists(place) ? [.. Directory.EnumerateFiles(place).Order(StringComparer.Ordinal)] : [place];
        await using var browser = await Chromium.StartAsync();
        var reading = new BattleReadOptions { Purpose = BattlePurpose.Train };
        using var jobs = await JobFolders.CreateAsync(BattleSet.Load(files, reading).Battles);
        await using var explorer = await RunningExplorer.StartAsync(files[0], options => jobs.AddTo(options) with { Files = files });
        await explorer.UntilWorkedOutAsync("/why", "/topics", "/judge.json?judge=one", "/judges.json?judge=one.run&against=two.run");
        await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, "/vote"));
        await browser.FollowAsync(async () => await browser.EvaluateAsync(
            "document.querySelector('main form input').value = 'ann'; document.querySelector('main form button').click()"));
        foreach (var (page, address) in Pages)
        {
            foreach (var (width, height) in new[] { (1280, 760), (390, 844) })
            {
                foreach (var isDark in new[] { false, true })
                {
                    await browser.ShowAsAsync(width, height, isDark);
                    await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, address));
                    var picture = Path.Combine(folder!, $"{name}-{page}-{width}-{(isDark ? "dark" : "light")}.png");
                    await File.WriteAllBytesAsync(picture, await browser.PictureAsync(), TestContext.Current.CancellationToken);
                }
            }
        }
    }
}
