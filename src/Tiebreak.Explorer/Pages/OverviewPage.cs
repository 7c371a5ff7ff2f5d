using System.Text.Json;
using Tiebreak.Data.Facts;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>What the battles are like as a whole, each number a link to its battles.</summary>
/// <param name="index">The battles.</param>
/// <param name="whole">What all of them are like.</param>
internal sealed class OverviewPage(BattleIndex index, WholeCounts whole)
{
    private const int MostBars = 12;

    private static readonly (string Winner, string Style, string Name)[] Winners =
    [
        ("model_a", "a", "A wins"), ("model_b", "b", "B wins"), ("tie", "tie", "tie"), ("tie (bothbad)", "other", "both bad"),
    ];

    /// <summary>Answers <c>/</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query);
        var counts = query.Filter.ToQuery().Length == 0 ? whole.Get() : index.Counts(query.Filter);
        return new PageContent("Overview", () => Body(query, counts))
        {
            WriteJson = json => Write(json, counts),
            Table = new TextTable("Counts", ["of", "name", "battles"], [.. Groups(counts).SelectMany(group =>
                group.Counts.Select(count => (string[])[group.Of, count.Name, Invariant($"{count.Battles}")]))]),
        };
    }

    private static IEnumerable<(string Of, IReadOnlyList<NamedCount> Counts)> Groups(BattleCounts counts) =>
    [
        ("winner", counts.Winners), ("turns", counts.Turns), ("language", counts.Languages), ("source", counts.Sources),
        ("tag", counts.Tags), ("model", counts.Models), ("finding", counts.Findings),
    ];

    private static void Write(Utf8JsonWriter json, BattleCounts counts)
    {
        json.WriteStartObject();
        json.WriteNumber("battles", counts.Battles);
        foreach (var (of, group) in Groups(counts))
        {
            json.WriteStartObject(of);
            foreach (var count in group)
                json.WriteNumber(count.Name, count.Battles);
            json.WriteEndObject();
        }

        json.WriteStartObject("lengths");
        foreach (var histogram in counts.Lengths)
        {
            json.WriteStartArray(histogram.Column);
            foreach (var bin in histogram.Bins)
            {
                json.WriteStartObject();
                json.WriteNumber("least", bin.Least);
                json.WriteNumber("most", bin.Most);
                json.WriteNumber("battles", bin.Battles);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static Html Body(BattleQuery query, BattleCounts counts) => Html.Of($"""
        <dl class="totals">
        {Total("battle", counts.Battles)}{Total("model", counts.Models.Count)}{Total("language", counts.Languages.Count)}
        {Total("source", counts.Sources.Count)}
        </dl>
        {Balance(query, counts)}
        <div class="cards">
        {Bars(query, "Turns", "turns", counts.Turns)}
        {Bars(query, "Languages", "language", counts.Languages)}
        {Bars(query, "Models", "model", counts.Models)}
        {Findings(query, counts)}
        {counts.Lengths.Select(histogram => Histogram(query, histogram))}
        {Bars(query, "Sources", "source", counts.Sources)}
        {Bars(query, "Tags", "tag", counts.Tags)}
        </div>
        """);

    private static Html Total(string name, long count) => count == 0
        ? default
        : Html.Of($"<div><dt>{(count == 1 ? name : $"{name}s")}</dt><dd>{count:N0}</dd></div>\n");

    private static Html Balance(BattleQuery query, BattleCounts counts)
    {
        var byName = counts.Winners.ToDictionary(winner => winner.Name, winner => winner.Battles, StringComparer.Ordinal);
        var found = Winners.Select(winner => (winner, Count: byName.GetValueOrDefault(winner.Winner)))
            .Where(winner => winner.Count > 0).ToList();
        var votes = found.Sum(winner => winner.Count);
        if (votes == 0)
        {
            return Html.Of($"""
                <p class="faint">Nobody has voted on these battles. <a href="/vote">Vote on them</a></p>

                """);
        }


        var unvoted = counts.Battles - votes;
        return Html.Of($"""
            <section aria-label="Votes"><h2>Votes</h2>
            {Badges.Bar("Shares of the votes", found.Select(one => (one.winner.Style, (double)one.Count / votes)))}
            <p class="row">
            {found.Select(one => Vote(one.winner.Winner, one.winner.Name, Invariant($"{one.Count:N0} ({(double)one.Count / votes:P1})")))}
            {(unvoted > 0 ? Vote(BattleFilter.NoVerdict, "no vote", Invariant($"{unvoted:N0}")) : default)}</p>
            </section>
            """);

        Html Vote(string winner, string name, string count) => Html.Of(
            $"<span><a href=\"{With(query, "winner", winner)}\">{name}</a> <span class=\"number\">{count}</span></span>\n");
    }

    private static Html Bars(BattleQuery query, string title, string key, IReadOnlyList<NamedCount> counts)
    {
        if (counts.Count == 0)
            return default;
        var (most, all) = (counts.Max(count => count.Battles), counts.Count);
        return Html.Of($"""
            <section><h2>{title}</h2><table class="bars"><tbody>
            {counts.Take(MostBars).Select(count => Bar(
                Html.Of($"<a href=\"{With(query, key, count.Name)}\">{count.Name}</a>"), count.Battles, most))}</tbody></table>
            {(all > MostBars ? Html.Of($"<p class=\"faint small\">and {all - MostBars:N0} more</p>") : default)}</section>

            """);
    }

    private static Html Findings(BattleQuery query, BattleCounts counts)
    {
        var found = counts.Findings.Where(count => count.Battles > 0).ToList();
        return found.Count == 0
            ? default
            : Html.Of($"""
                <section><h2>Findings</h2><table class="bars"><tbody>
                {found.Select(count => Bar(
                    Html.Of($"""
                        <a href="{With(query, "finding", count.Name)}" title="{Meaning(count.Name)}">{count.Name.Replace('_', ' ')}</a>
                        """),
                    count.Battles, counts.Battles))}</tbody></table></section>

                """);
    }

    private static string Meaning(string column) => Finding.All
        .FirstOrDefault(finding => string.Equals(finding.Column, column, StringComparison.Ordinal))?.Meaning ?? "";

    private static Html Histogram(BattleQuery query, LengthHistogram histogram)
    {
        if (histogram.Bins.Count == 0)
            return default;
        var most = histogram.Bins.Max(bin => bin.Battles);
        return Html.Of($"""
            <section><h2>{TitleOf(histogram.Column)}</h2><table class="bars"><tbody>
            {histogram.Bins.Select(bin => Bar(Name(bin), bin.Battles, most))}</tbody></table></section>

            """);

        Html Name(LengthBin bin)
        {
            var name = bin.Least == bin.Most ? Invariant($"{bin.Least:N0}") : Invariant($"{bin.Least:N0} to {bin.Most:N0}");
            var address = With(query, histogram.Column, new NumberRange(bin.Least, bin.Most).ToString());
            return Html.Of($"<a href=\"{address}\">{name}</a>");
        }
    }

    private static string TitleOf(string column) => column switch
    {
        "prompt_length" => "Characters of the prompts",
        "length_a" => "Characters of answer A",
        "length_b" => "Characters of answer B",
        _ => "Tokens of the battle",
    };

    private static Html Bar(Html name, long count, long most) => Html.Of($"""
        <tr><td>{name}</td><td class="track" aria-hidden="true">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none"><rect width="{100.0 * count / most:0.##}" height="10"/></svg></td>
        <td>{count:N0}</td></tr>

        """);

    private static string With(BattleQuery query, string key, string value)
    {
        var part = $"{key}={Uri.EscapeDataString(value)}";
        var address = query.Address("/battles");
        return address.Contains('?', StringComparison.Ordinal) ? $"{address}&{part}" : $"{address}?{part}";
    }
}
