using Tiebreak.Hosting.Problems;

namespace Tiebreak.Explorer.Server;

/// <summary>
/// Refuses requests that a page of another site makes a browser send. Following a link to a page is allowed; everything else must come
/// from the explorer's own pages. Programs that are no browsers send neither of the two headers.
/// </summary>
internal static class CrossSiteGuard
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) => IsForeign(context.Request)
        ? ProblemAnswers.WriteAsync(context, Problem.Of(
            StatusCodes.Status403Forbidden, ApiCodes.Forbidden, "The page of another site asked for this, which is refused."))
        : next(context);

    private static bool IsForeign(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none") && !IsLinkFollowed(request);
        return headers.Origin.ToString() is { Length: > 0 } origin
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsLinkFollowed(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
}
