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
        ("models", "/models"), ("leaderboard", "/leaderboard"), ("vote", "/vote"),
    ];

    [Theory]
    [InlineData("sample", "samples/battles.jsonl.gz")]
    [InlineData("real", "../shared/real/kaggle/train_head.csv")]
    public async Task Pictures_of_every_page(string name, string path)
    {
        var folder = Environment.GetEnvironmentVariable("TIEBREAK_PICTURES");
        Assert.SkipWhen(folder is null, "TIEBREAK_PICTURES names no folder for pictures.");
        var file = Path.Combine(Repository.Root, path);
        Assert.SkipUnless(File.Exists(file), $"There is no {path}.");
        await using var browser = await Chromium.StartAsync();
        await using var explorer = await RunningExplorer.StartAsync(file);
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
