using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Hosting.Batching;
using Tiebreak.Hosting.OpenApi;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Problems;

/// <summary>Answers requests that fail.</summary>
internal static class ProblemAnswers
{
    /// <summary>A handler whose exceptions become problem documents.</summary>
    public static RequestDelegate Guarding(RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception exception)
        {
            var problem = Of(exception);
            if (problem.Code is ApiCodes.Internal)
            {
                var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger<ServedJudge>();
                ServingLog.Failed(logger, context.Request.Path, exception);
            }

            if (context.Response.HasStarted)
            {
                context.Abort(); // the answer breaks off, so that nobody takes it for a whole one
                return;
            }

            // Its body may be half read, and then Kestrel closes the connection: the caller shall not send the next request on it.
            if (problem.Code is ApiCodes.Timeout)
                context.Response.Headers.Connection = "close";
            await WriteAsync(context, problem).ConfigureAwait(false);
        }
    };

    /// <summary>Writes the problem as the whole answer.</summary>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = Problem.MediaType;
        if (problem.RetryAfter is { } time)
            context.Response.Headers.RetryAfter = Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await context.Response.WriteAsJsonAsync(problem, ApiJson.Default.Problem, Problem.MediaType, context.RequestAborted)
            .ConfigureAwait(false);
    }

    /// <summary>What is told where there is only a status.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Problem.Of(
            status, ApiCodes.NotFound, $"There is no such address. {OpenApiDocument.Path} lists those that there are."),
        StatusCodes.Status405MethodNotAllowed => Problem.Of(
            status, ApiCodes.NotFound, "The address is there, but not for this method; the header Allow says which it takes."),
        StatusCodes.Status400BadRequest => Problem.Of(
            status, ErrorCodes.Input, "The request is no HTTP request, or its header Host has none of the names of this service."),
        _ => Problem.Of(status, ErrorCodes.Input, "The request cannot be answered."),
    };

    /// <summary>What a person and a program are told about an exception.</summary>
    public static Problem Of(Exception exception) => exception switch
    {
        ApiException api => Problem.Of(api.Status, api.Code, api.Message),
        QueueFullException full => Problem.Of(StatusCodes.Status429TooManyRequests, full.Code, full.Message) with
        {
            RetryAfter = full.RetryAfter,
        },
        NotReadyException unready => Problem.Of(StatusCodes.Status503ServiceUnavailable, unready.Code, unready.Message) with
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        },
        OperationCanceledException => Problem.Of(
            StatusCodes.Status504GatewayTimeout, ApiCodes.Timeout,
            "The time of the request was over before the answer was there. Ask for less at once, or give more time (Request-Timeout)."),
        BadHttpRequestException bad when bad.StatusCode == StatusCodes.Status413PayloadTooLarge =>
            Problem.Of(bad.StatusCode, ApiCodes.TooLarge, "The request is larger than this service takes. Send it in parts."),
        BadHttpRequestException bad => Problem.Of(bad.StatusCode, ErrorCodes.Input, bad.Message),
        InputException { Code: ErrorCodes.RatingsUndefined } input =>
            Problem.Of(StatusCodes.Status422UnprocessableEntity, input.Code, input.Message) with { Parameters = input.Parameters },
        InputException input =>
            Problem.Of(StatusCodes.Status400BadRequest, input.Code, input.Message) with { Parameters = input.Parameters },
        TiebreakException { Code: ErrorCodes.OutOfMemory } memory =>
            Problem.Of(StatusCodes.Status503ServiceUnavailable, memory.Code, memory.Message),
        TiebreakException failed => Problem.Of(StatusCodes.Status500InternalServerError, failed.Code, failed.Message),
        _ => Problem.Of(
            StatusCodes.Status500InternalServerError, ApiCodes.Internal, "Tiebreak ran into an error of its own; its log says which."),
    };
}
