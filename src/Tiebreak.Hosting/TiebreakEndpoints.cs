using Microsoft.Extensions.Options;
using Tiebreak.Hosting.Judging;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Rating;
using Tiebreak.Hosting.Serving;
using Tiebreak.Hosting.Validating;

namespace Tiebreak.Hosting;

/// <summary>Maps the routes of the API.</summary>
public static class TiebreakEndpoints
{
    /// <summary>
    /// Maps <c>POST /v1/judge</c>, <c>/v1/rate</c>, <c>/v1/validate</c> and <c>/rerank</c>. Errors are problem documents (RFC 9457) with
    /// the codes of <see cref="Core.ErrorCodes"/>.
    /// </summary>
    /// <param name="endpoints">Where to map them; a group gives them a prefix.</param>
    /// <param name="judge">The key of the judge; null for the one without a key.</param>
    /// <returns>The routes, to be given authorisation, limits or other conditions.</returns>
    public static IEndpointConventionBuilder MapTiebreak(this IEndpointRouteBuilder endpoints, string? judge = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var served = services.GetRequiredKeyedService<ServedJudge>(judge ?? Options.DefaultName);
        var validate = new ValidateEndpoint(served, services.GetRequiredService<ILoggerFactory>());
        var routes = endpoints.MapGroup("");
        routes.MapPost("/v1/judge", ProblemAnswers.Guarding(new JudgeEndpoint(served).AnswerAsync));
        routes.MapPost("/v1/rate", ProblemAnswers.Guarding(new RateEndpoint(served).AnswerAsync));
        routes.MapPost("/v1/validate", ProblemAnswers.Guarding(validate.AnswerAsync));
        routes.MapPost("/rerank", ProblemAnswers.Guarding(new RerankEndpoint(served).AnswerAsync));
        return routes;
    }
}
