using System.Globalization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Index;

/// <summary>Two judges on the same battles: how they fare against the votes, and how often they agree.</summary>
/// <param name="All">On all battles that both have judged and somebody voted on.</param>
/// <param name="Parts">The same in parts of them, the largest first within what they are cut by.</param>
internal sealed record JudgeComparison(PairedLosses All, IReadOnlyList<(string By, string Name, PairedLosses Losses)> Parts)
{
    private const int MostParts = 10;

    private static readonly string[] Keys = ["language", "turns", "source"];

    /// <summary>Compares.</summary>
    /// <param name="database">The database.</param>
    /// <param name="one">The table of the one judge.</param>
    /// <param name="other">The table of the other.</param>
    /// <param name="sql">The battles.</param>
    public static JudgeComparison Of(IndexDatabase database, string one, string other, FilterSql sql) => new(
        Ask(database, one, other, sql, "NULL").Select(part => part.Losses).FirstOrDefault(),
        [.. Keys.SelectMany(key => Ask(database, one, other, sql, key).Where(part => part.Name.Length > 0).Take(MostParts)
            .Select(part => (key, part.Name, part.Losses)))]);

    /// <summary>The battles on which the judges are furthest apart: those whose probabilities differ most in sum.</summary>
    public static List<(int Number, Preference One, Preference Other)> Parting(
        IndexDatabase database, string one, string other, FilterSql sql, int most) => database.Ask(
        $"SELECT number, o.a, o.b, o.tie, p.a, p.b, p.tie {From(one, other, sql)} AND o.a IS NOT NULL AND p.a IS NOT NULL "
        + "ORDER BY abs(o.a - p.a) + abs(o.b - p.b) + abs(o.tie - p.tie) DESC, number LIMIT ?",
        [.. sql.Values, (long)most],
        row => (row.GetInt32(0), new Preference(row.GetDouble(1), row.GetDouble(2), row.GetDouble(3)),
            new Preference(row.GetDouble(4), row.GetDouble(5), row.GetDouble(6))));

    private static string From(string one, string other, FilterSql sql) =>
        $"FROM (SELECT * {sql.Rows}) AS those JOIN {one} AS o USING (number) JOIN {other} AS p USING (number) WHERE true";

    // Sums by prompt come first: battles about one prompt depend on each other.
    private static List<(string Name, PairedLosses Losses)> Ask(
        IndexDatabase database, string one, string other, FilterSql sql, string key) => database.Ask(
        "SELECT part, sum(n)::BIGINT, sum(ones), sum(others), sum(d * d), sum(d * n), sum(n * n)::DOUBLE, "
        + "sum(only_one)::BIGINT, sum(only_other)::BIGINT, sum(both_right)::BIGINT FROM ("
        + $"SELECT {key} AS part, prompt_key, count(*) AS n, sum(o.loss) AS ones, sum(p.loss) AS others, sum(o.loss - p.loss) AS d, "
        + "count(*) FILTER (o.is_right AND NOT p.is_right) AS only_one, count(*) FILTER (p.is_right AND NOT o.is_right) AS only_other, "
        + "count(*) FILTER (o.is_right AND p.is_right) AS both_right "
        + $"{From(one, other, sql)} AND o.loss IS NOT NULL AND p.loss IS NOT NULL GROUP BY 1, 2) GROUP BY 1 ORDER BY 2 DESC, 1",
        sql.Values,
        row => (row.IsDBNull(0) ? "" : string.Create(CultureInfo.InvariantCulture, $"{row.GetValue(0)}"), PairedLosses.Of(
            row.GetInt64(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6),
            row.GetInt64(7), row.GetInt64(8), row.GetInt64(9))));
}

/// <summary>
/// The losses of two judges on the same battles, and the standard error of their difference, battles of one prompt taken together.
/// </summary>
/// <param name="Battles">The battles; 0 where there are none, and then the rest means nothing.</param>
/// <param name="One">The mean log loss of the one judge.</param>
/// <param name="Other">That of the other.</param>
/// <param name="Error">The standard error of the difference.</param>
/// <param name="OnlyOneRight">Battles on which only the one judge's likeliest outcome is the vote.</param>
/// <param name="OnlyOtherRight">Battles on which only the other's is.</param>
/// <param name="BothRight">Battles on which both are.</param>
internal readonly record struct PairedLosses(
    long Battles, double One, double Other, double Error, long OnlyOneRight, long OnlyOtherRight, long BothRight)
{
    /// <summary>The one less the other: below 0 the one is better.</summary>
    public double Difference => One - Other;

    /// <summary>From sums over prompts c with n battles and the difference d of summed losses.</summary>
    public static PairedLosses Of(
        long battles, double ones, double others, double squares, double products, double sizes, long onlyOne, long onlyOther, long both)
    {
        // The variance of the mean is the sum of (d - n mean)² over prompts, divided by the square of the number of battles.
        var mean = (ones - others) / battles;
        var variance = (squares - (2 * mean * products) + (mean * mean * sizes)) / ((double)battles * battles);
        return new PairedLosses(
            battles, ones / battles, others / battles, Math.Sqrt(Math.Max(0, variance)), onlyOne, onlyOther, both);
    }
}
