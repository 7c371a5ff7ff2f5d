using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Explorer.Pages;

/// <summary>How models fared against each other: counts, win rates, tie rates; each pair a link to its battles.</summary>
/// <param name="index">The battles.</param>
internal sealed class ModelsPage(BattleIndex index)
{
    private const int MostModels = 24;
    private const int MostPairs = 100;

    /// <summary>Answers <c>/models</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query);
        var matrix = index.Matrix(query.Filter, MostModels);
        var models = Summaries(matrix);
        return new PageContent("Models", () => Body(query, matrix, models))
        {
            Table = Pairs(matrix, int.MaxValue),
            WriteJson = json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("pairs");
                foreach (var (i, j) in Met(matrix))
                {
                    json.WriteStartObject();
                    json.WriteString("model", matrix.Models[i]);
                    json.WriteString("against", matrix.Models[j]);
                    json.WriteNumber("battles", matrix.Battles[i, j]);
                    json.WriteNumber("wins", matrix.Wins[i, j]);
                    json.WriteNumber("losses", matrix.Wins[j, i]);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            },
        };
    }

    private static IEnumerable<(int One, int Other)> Met(ModelMatrix matrix) =>
        from i in Enumerable.Range(0, matrix.Models.Count)
        from j in Enumerable.Range(i + 1, matrix.Models.Count - i - 1)
        where matrix.Battles[i, j] > 0
        select (i, j);

    private static List<(string Model, long Battles, long Wins, long Losses)> Summaries(ModelMatrix matrix) =>
    [
        .. matrix.Models.Select((model, i) => (
            model, Sum(matrix.Battles, i, byRow: true), Sum(matrix.Wins, i, byRow: true), Sum(matrix.Wins, i, byRow: false))),
    ];

    private static long Sum(long[,] cells, int place, bool byRow) =>
        Enumerable.Range(0, cells.GetLength(0)).Sum(other => byRow ? cells[place, other] : cells[other, place]);

    private static Html Body(BattleQuery query, ModelMatrix matrix, List<(string Model, long Battles, long Wins, long Losses)> models)
    {
        if (matrix.Models.Count == 0)
            return Html.Of($"<p class=\"notice\">No battle here has two models and a vote.</p>\n");
        return Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Models"><table>
            <thead>{Tables.Head("Model", "Battles", "Won", "Ties", "Lost", "Win rate", "Tie rate")}</thead>
            <tbody>
            {models.Select(model => Row(query, model))}</tbody></table></div>
            <p class="faint">The {models.Count} models with most battles. Win rates are shares of the votes that somebody won, among these
            models. <a href="/models/style">How models write</a></p>
            {Map("Wins of the row against the column, percent of decisive votes", title => Rates(title, matrix, Decisive))}
            {Map("Ties, percent of votes", title => Rates(title, matrix, Ties))}
            {Map("Battles", title => Counts(title, matrix))}
            {PairTable(query, matrix)}
            """);
    }

    private static Html Row(BattleQuery query, (string Model, long Battles, long Wins, long Losses) model)
    {
        var ties = model.Battles - model.Wins - model.Losses;
        return Tables.Row(
            Html.Of($"<a href=\"{BattlesOf(query, model.Model)}\">{model.Model}</a>"), Count(model.Battles), Count(model.Wins), Count(ties),
            Count(model.Losses), Share(model.Wins, model.Wins + model.Losses), Share(ties, model.Battles));
    }

    private static string Count(long count) => Invariant($"{count:N0}");

    private static string Share(long part, long whole) => whole == 0 ? "none" : NumberText.Percent((double)part / whole);

    private static string BattlesOf(BattleQuery query, params string[] models) =>
        (query with { Filter = query.Filter with { Models = models } }).Address("/battles");

    private static Html Map(string title, Func<string, HeatMap> draw) => Html.Of($"""
        <h2>{title}</h2>
        {DocumentBody.Of(draw(title))}
        """);

    private static HeatMap Counts(string title, ModelMatrix matrix)
    {
        var (cells, most) = (Cells(matrix, (i, j) => matrix.Battles[i, j]), 0.0);
        foreach (var cell in cells)
            most = Math.Max(most, double.IsNaN(cell) ? 0 : cell);
        return new HeatMap(title, matrix.Models, cells, 0, most, "0");
    }

    private static HeatMap Rates(string title, ModelMatrix matrix, Func<ModelMatrix, int, int, double> rate) =>
        new(title, matrix.Models, Cells(matrix, (i, j) => 100 * rate(matrix, i, j)), 0, 100, "0");

    private static double Decisive(ModelMatrix matrix, int i, int j) =>
        (double)matrix.Wins[i, j] / (matrix.Wins[i, j] + matrix.Wins[j, i]); // NaN where nobody won, which stays empty

    private static double Ties(ModelMatrix matrix, int i, int j) =>
        (double)(matrix.Battles[i, j] - matrix.Wins[i, j] - matrix.Wins[j, i]) / matrix.Battles[i, j];

    private static double[,] Cells(ModelMatrix matrix, Func<int, int, double> of)
    {
        var cells = new double[matrix.Models.Count, matrix.Models.Count];
        for (var i = 0; i < matrix.Models.Count; i++)
        {
            for (var j = 0; j < matrix.Models.Count; j++)
                cells[i, j] = i == j || matrix.Battles[i, j] == 0 ? double.NaN : of(i, j);
        }

        return cells;
    }

    private static TextTable Pairs(ModelMatrix matrix, int most) => new(
        "Pairs", ["model", "against", "battles", "wins", "ties", "losses"],
        [.. Met(matrix).OrderByDescending(pair => matrix.Battles[pair.One, pair.Other]).Take(most).Select(pair => (string[])
        [
            matrix.Models[pair.One], matrix.Models[pair.Other], Invariant($"{matrix.Battles[pair.One, pair.Other]}"),
            Invariant($"{matrix.Wins[pair.One, pair.Other]}"),
            Invariant($"{matrix.Battles[pair.One, pair.Other] - matrix.Wins[pair.One, pair.Other] - matrix.Wins[pair.Other, pair.One]}"),
            Invariant($"{matrix.Wins[pair.Other, pair.One]}"),
        ])]);

    private static Html PairTable(BattleQuery query, ModelMatrix matrix) => Html.Of($"""
        <h2>Head to head</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Head to head"><table>
        <thead>{Tables.Head("Pair", "Battles", "Won by the first", "Ties", "Won by the second")}</thead>
        <tbody>
        {Pairs(matrix, MostPairs).Rows.Select(row => Tables.Row(
            Html.Of($"<a href=\"{BattlesOf(query, row[0], row[1])}\">{row[0]} and {row[1]}</a>"), row[2], row[3], row[4], row[5]))}</tbody>
        </table></div>
        """);
}
