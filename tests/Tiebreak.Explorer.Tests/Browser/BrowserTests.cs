using Deque.AxeCore.Commons;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Explorer.Tests.Server;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Browser;

/// <summary>Pages as a browser shows them; skipped where there is none.</summary>
public sealed class BrowserTests
{
    // Of folders; the page runs it unless it is escaped.
    private const string HostileName = "\"><img src=x onerror=document.documentElement.setAttribute('data-broken',1)>";

    private static readonly string[] Pages =
    [
        "/", "/battles", "/battle/2", "/battle/2?view=differences", "/battle/2/similar", "/topics", "/models", "/models/style",
        "/leaderboard", "/why", "/judge", "/judge/validation", "/judges", "/compare", "/runs", "/vote", "/vote/results",
    ];

    private static readonly string[] PagesOfJobs =
    [
        "/judge?judge=one.run", "/judges?judge=one.run&against=two.run", "/runs/scoring?name=one.run", "/runs/training?name=work",
        "/nowhere",
    ];

    [Fact]
    public async Task No_hostile_text_runs_or_loads_anything()
    {
        await using var browser = await Chromium.StartAsync();
        var battles = SecurityTests.HostileBattles();
        using var folder = new TemporaryFolder();
        using (var jobs = await JobFolders.CreateAsync(Battles(), battles))
        {
            folder.Copy(jobs[JobFolders.FirstRun], HostileName);
            folder.Copy(jobs[JobFolders.Training], $"{HostileName} work");
        }

        await using var explorer = await RunningExplorer.StartAsync(battles, SecurityTests.HostileFileName, options => options with
        {
            Runs = [folder[HostileName]],
            Trainings = [folder[$"{HostileName} work"]],
        });
        var name = Uri.EscapeDataString(HostileName);
        string[] hostilePages = [$"/runs/scoring?name={name}", $"/runs/training?name={name}%20work", $"/judge?judge={name}"];
        await explorer.UntilWorkedOutAsync($"/judge.json?judge={name}");
        foreach (var page in Pages.Concat(hostilePages).Concat(Enumerable.Range(1, battles.Count).Select(i => $"/battle/{i}")))
        {
            await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, page));
            Assert.False((await browser.EvaluateAsync("document.documentElement.hasAttribute('data-broken')"))!.GetValue<bool>(), page);
        }

        Assert.Empty(browser.Complaints); // no script was refused either: nothing that looks like one is on the pages
    }

    [Fact]
    public async Task Pages_have_no_sideways_scrolling_and_no_errors_on_wide_and_narrow_screens()
    {
        await using var browser = await Chromium.StartAsync();
        using var jobs = await JobFolders.CreateAsync(Battles());
        await using var explorer = await StartAsync(jobs, browser);
        foreach (var (width, isDark) in new[] { (1280, false), (390, true) })
        {
            await browser.ShowAsAsync(width, 900, isDark);
            foreach (var page in Pages.Concat(PagesOfJobs))
            {
                await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, page));
                var needed = (await browser.EvaluateAsync("document.documentElement.scrollWidth"))!.GetValue<int>();
                Assert.True(needed <= width, $"{page} needs {needed} pixels of {width}");
            }
        }

        Assert.All(browser.Complaints, complaint => Assert.Contains("404", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_have_the_contrast_of_WCAG_AA_on_light_and_dark_pages()
    {
        await using var browser = await Chromium.StartAsync();
        using var jobs = await JobFolders.CreateAsync(Battles());
        await using var explorer = await StartAsync(jobs, browser);
        foreach (var isDark in new[] { false, true })
        {
            await browser.ShowAsAsync(1280, 900, isDark);
            foreach (var page in Pages.Concat(PagesOfJobs))
            {
                await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, page));
                Assert.Equal("", (await browser.EvaluateAsync(LowContrast))!.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task Axe_finds_no_serious_barrier_on_light_and_dark_pages()
    {
        var axe = new BundledAxeScriptProvider().GetScript();
        await using var browser = await Chromium.StartAsync();
        using var jobs = await JobFolders.CreateAsync(Battles());
        await using var explorer = await StartAsync(jobs, browser);
        foreach (var isDark in new[] { false, true })
        {
            await browser.ShowAsAsync(1280, 900, isDark);
            foreach (var page in Pages.Concat(PagesOfJobs))
            {
                await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, page));
                await browser.EvaluateAsync(axe);
                Assert.Equal("", (await browser.EvaluateAsync(Barriers))!.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task Battles_are_walked_and_voted_on_with_the_keyboard()
    {
        await using var browser = await Chromium.StartAsync();
        await using var explorer = await RunningExplorer.StartAsync(Battles());
        await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, "/battle/2"));
        await browser.FollowAsync(() => browser.PressAsync('j'));
        Assert.Equal("/battle/3", (await browser.EvaluateAsync("location.pathname"))!.GetValue<string>());
        await browser.FollowAsync(() => browser.PressAsync('k'));
        Assert.Equal("/battle/2", (await browser.EvaluateAsync("location.pathname"))!.GetValue<string>());

        await SayWhoVotesAsync(explorer, browser);
        foreach (var (key, votes) in new[] { ('a', 1), ('t', 2), ('s', 2), ('x', 3) })
        {
            await browser.UntilAsync("!document.getElementById('booth').dataset.sending");
            var before = (await browser.EvaluateAsync("document.querySelector('[name=ballot]').value"))!.GetValue<string>();
            await browser.PressAsync(key);
            await browser.UntilAsync($"document.querySelector('[name=ballot]').value !== '{before}' "
                + "&& !document.getElementById('booth').dataset.sending");
            Assert.Equal(votes, BattleSet.Load([explorer.Votes]).Battles.Count);
            var heading = await browser.EvaluateAsync("document.querySelector('h1').textContent");
            Assert.Equal($"Battle {votes + 1}", heading!.GetValue<string>());
        }

        await browser.FollowAsync(() => browser.PressAsync('u'));
        Assert.Equal(2, BattleSet.Load([explorer.Votes]).Battles.Count);
        await SayWhoVotesAsync(explorer, browser, "ben"); // who takes back his only vote
        await browser.UntilAsync("!document.getElementById('booth').dataset.sending");
        await browser.PressAsync('b');
        await browser.UntilAsync("document.querySelector('h1').textContent === 'Battle 2' "
            + "&& !document.getElementById('booth').dataset.sending");
        await browser.FollowAsync(() => browser.PressAsync('u'));
        Assert.Equal(2, BattleSet.Load([explorer.Votes]).Battles.Count);
        Assert.Empty(browser.Complaints);
    }

    // With everything that pages can show, which has been worked out, and a voter with a ballot.
    private static async Task<RunningExplorer> StartAsync(JobFolders jobs, Chromium browser)
    {
        var explorer = await RunningExplorer.StartAsync(Battles(), change: jobs.AddTo);
        await explorer.UntilWorkedOutAsync(
            "/why", "/topics", "/judge", "/judge.json?judge=one.run", "/judges.json?judge=one.run&against=two.run");
        await SayWhoVotesAsync(explorer, browser);
        await browser.UntilAsync("!document.getElementById('booth').dataset.sending");
        return explorer;
    }

    private static async Task SayWhoVotesAsync(RunningExplorer explorer, Chromium browser, string name = "ann")
    {
        await browser.OpenAsync(new Uri(explorer.Client.BaseAddress!, "/vote/name"));
        await browser.FollowAsync(async () => await browser.EvaluateAsync(
            $"document.querySelector('main form input').value = '{name}'; document.querySelector('main form button').click()"));
    }

    // Battles with everything that is hard to show.
    private static IReadOnlyList<Battle> Battles() =>
    [
        .. new PlantedBattles(1).Create(60).Select((battle, i) => i != 1 ? battle : battle with
        {
            Turns =
            [
                new Turn(
                    "A prompt with " + new string('x', 300),
                    "# Title\n\n| a | b |\n|---|---|\n| " + new string('y', 400) + " | c |\n\n```python\n" + new string('z', 500) + "\n```\n\n> quoted",
                    "**bold** [link](http://example.com/" + new string('w', 300) + ")\n\n1. one\n2. two\n\n\\(x^2\\) مرحبا بالعالم 😀"),
                new Turn("and then?", null, ""),
            ],
            ModelA = "a-model-with-quite-a-long-name-that-goes-on-and-on-and-on",
            Language = "English",
            Tags = ["coding", "hard"],
        }),
    ];

    // What axe-core holds for serious or critical: the page, the rule, and the first element that breaks it.
    private const string Barriers = """
        axe.run(document).then(results => results.passes.length === 0 ? "axe looked at nothing" : results.violations
          .filter(violation => violation.impact === "serious" || violation.impact === "critical")
          .map(violation => `${location.pathname}: ${violation.id}: ${violation.nodes[0].html.slice(0, 150)}`).join("\n"))
        """;

    // The texts whose contrast with what is behind them is below 4.5 (3 for large ones): WCAG 2.2, 1.4.3.
    private const string LowContrast = """
        (() => {
          const parse = text => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
          const behind = element => {
            for (let one = element; one; one = one.parentElement) {
              const color = parse(getComputedStyle(one).backgroundColor);
              if (color.length < 4 || color[3] > 0) return color;
            }
            return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
          };
          const bad = new Set();
          for (const element of document.body.querySelectorAll("*")) {
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            if (!own || element.closest("svg") || !element.checkVisibility()) continue;
            const style = getComputedStyle(element);
            const [a, b] = [light(parse(style.color)), light(behind(element))].sort((x, y) => y - x);
            const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
            if ((a + .05) / (b + .05) < (large ? 3 : 4.5))
              bad.add(element.tagName + "." + element.className + " " + ((a + .05) / (b + .05)).toFixed(2));
          }
          return [...bad].join(", ");
        })()
        """;
}
