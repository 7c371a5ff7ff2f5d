using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Reading;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Hosting.Routing;

/// <summary><c>POST /v1/route</c>: the cheapest model whose answer is good enough.</summary>
/// <param name="policy">The policy.</param>
/// <param name="options">The limits of requests.</param>
internal sealed class RoutingEndpoint(RoutingPolicy policy, TiebreakOptions options)
{
    public async Task AnswerAsync(HttpContext context)
    {
        using var time = RequestTime.Of(context, options.Timeout);
        var request = await JsonRequest.ReadAsync(context.Request, ApiJson.Default.RouteRequest, options.RequestBytes, time.Over)
            .ConfigureAwait(false);
        JsonRequest.RequireTexts(request.Prompts, "prompts");
        if (request.Prompts.Count > options.RequestBattles)
            throw ApiException.TooLarge(Invariant($"There are more than {options.RequestBattles:N0} prompts. Send them in parts."));

        var choices = await policy.ChooseAsync(request.Prompts, request.Threshold, time.Over).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(new RouteAnswer(choices), ApiJson.Default.RouteAnswer, contentType: null, time.Over)
            .ConfigureAwait(false);
    }
}
