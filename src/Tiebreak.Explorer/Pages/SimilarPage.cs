using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>The battles that share the rarest words with the prompts of one.</summary>
/// <param name="index">The battles.</param>
internal sealed class SimilarPage(BattleIndex index)
{
    private const int MostBattles = 20;

    /// <summary>Answers <c>/battle/NUMBER/similar</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var number = int.Parse((string)context.GetRouteValue("number")!, CultureInfo.InvariantCulture);
        var query = BattleQuery.Parse(context.Request.Query);
        var battle = index.At(number) ?? throw new InputException($"There is no battle {number:N0}.");
        var similar = index.Similar(number, MostBattles);
        return new PageContent($"Battles similar to {battle.Line.Id}", () => Html.Of($"""
            <p class="row"><a href="{query.Address(Invariant($"/battle/{number}"))}">← the battle</a>
            <span class="faint">{(similar.Count == 0
                ? "No other battle shares a rare word with its prompts."
                : "Those that share most rare words with its prompts, the most similar first.")}</span></p>
            <ol class="list">
            {similar.Select(line => BattlesPage.Line(query, line))}</ol>
            """))
        {
            Table = new TextTable("Similar", BattleJsonLines.Columns, [.. similar.Select(BattleJsonLines.Row)]),
            WriteJson = json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("battles");
                foreach (var line in similar)
                    BattleJsonLines.Write(json, line);
                json.WriteEndArray();
                json.WriteEndObject();
            },
        };
    }
}
