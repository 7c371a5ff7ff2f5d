using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Rating;

/// <summary><c>POST /v1/rate</c>: which of several responses to one prompt is the best.</summary>
/// <param name="judge">The judge.</param>
internal sealed class RateEndpoint(ServedJudge judge)
{
    public async Task AnswerAsync(HttpContext context)
    {
        using var lease = judge.RentToAsk();
        using var time = RequestTime.Of(context, judge.Options.Timeout);
        var request = await JsonRequest.ReadAsync(context.Request, ApiJson.Default.RateRequest, judge.Options.RequestBytes, time.Over)
            .ConfigureAwait(false);
        JsonRequest.RequireTexts(request.Responses, "responses");
        if (request.Responses.Count < 2)
            throw ApiException.Input("\"responses\" has fewer than two texts, so that there is nothing to compare.");

        var ranking = await ResponseRanking.RankAsync(lease.Judge, request.Prompt, request.Responses, time).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(
            new RateAnswer(ranking), ApiJson.Default.RateAnswer, contentType: null, context.RequestAborted).ConfigureAwait(false);
    }
}
