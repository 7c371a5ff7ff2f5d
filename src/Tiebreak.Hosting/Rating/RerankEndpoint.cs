using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Rating;

/// <summary><c>POST /rerank</c>: the ranking of <c>/v1/rate</c> in the form of text-embeddings-inference.</summary>
/// <param name="judge">The judge.</param>
internal sealed class RerankEndpoint(ServedJudge judge)
{
    public async Task AnswerAsync(HttpContext context)
    {
        using var lease = judge.RentToAsk();
        using var time = RequestTime.Of(context, judge.Options.Timeout);
        var request = await JsonRequest.ReadAsync(context.Request, ApiJson.Default.RerankRequest, judge.Options.RequestBytes, time.Over)
            .ConfigureAwait(false);
        JsonRequest.RequireTexts(request.Texts, "texts");
        if (request.Texts.Count == 0)
            throw ApiException.Input("\"texts\" is empty.");

        var ranking = await ResponseRanking.RankAsync(lease.Judge, request.Query, request.Texts, time).ConfigureAwait(false);
        IReadOnlyList<RerankHit> hits =
        [
            .. ranking.Select(rated => new RerankHit(
                rated.Index,
                request.RawScores ? rated.Strength : 1 / (1 + Math.Exp(-rated.Strength)),
                request.ReturnText ? request.Texts[rated.Index] : null)),
        ];
        await context.Response.WriteAsJsonAsync(hits, ApiJson.Default.IReadOnlyListRerankHit, contentType: null, context.RequestAborted)
            .ConfigureAwait(false);
    }
}
