using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>
/// The battles whose prompts are most like those of one: by meaning where an embedder reads them, by rare words otherwise.
/// </summary>
/// <param name="index">The battles.</param>
/// <param name="meanings">What prompts mean; null without embedder.</param>
internal sealed class SimilarPage(BattleIndex index, MeaningIndex? meanings)
{
    private const int MostBattles = 20;

    /// <summary>Answers <c>/battle/NUMBER/similar</c>.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        var number = int.Parse((string)context.GetRouteValue("number")!, CultureInfo.InvariantCulture);
        var query = BattleQuery.Parse(context.Request.Query);
        var battle = index.At(number) ?? throw new InputException($"There is no battle {number:N0}.");
        var near = meanings is null
            ? null
            : await meanings.FindAsync(battle.Battle, number, MostBattles, context.RequestAborted).ConfigureAwait(false);
        var similar = near is null ? index.Similar(number, MostBattles) : index.Lines(near);
        return new PageContent($"Battles similar to {battle.Line.Id}", () => Html.Of($"""
            <p class="row"><a href="{query.Address(Invariant($"/battle/{number}"))}">← the battle</a>
            <span class="faint">{(near is null ? ByWords(similar.Count) : meanings!.Remark)}</span></p>
            <ol class="list">
            {similar.Select(line => BattlesPage.Line(query, line))}</ol>
            """))
        {
            Table = new TextTable("Similar", BattleJsonLines.Columns, [.. similar.Select(BattleJsonLines.Row)]),
            WriteJson = json =>
            {
                json.WriteStartObject();
                json.WriteString("by", near is null ? "words" : "meaning");
                json.WriteStartArray("battles");
                foreach (var line in similar)
                    BattleJsonLines.Write(json, line);
                json.WriteEndArray();
                json.WriteEndObject();
            },
        };
    }

    private string ByWords(int found) => (found == 0
        ? "No other battle shares a rare word with its prompts."
        : "Those that share most rare words with its prompts, the most similar first.") + (meanings is null
        ? ""
        : " What the prompt means is not known: the model does not read it, or has not come so far.");
}
