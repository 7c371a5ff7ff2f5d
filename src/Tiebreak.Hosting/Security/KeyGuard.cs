using System.Collections.Frozen;
using System.Threading.RateLimiting;
using Tiebreak.Hosting.OpenApi;
using Tiebreak.Hosting.Problems;

namespace Tiebreak.Hosting.Security;

/// <summary>Lets only known callers in, to what they may ask for, and as often as they may.</summary>
internal sealed class KeyGuard
{
    private const string Scheme = "Bearer ";

    private readonly FrozenDictionary<string, ApiKey> _keys;

    /// <param name="keys">The callers.</param>
    public KeyGuard(IReadOnlyList<ApiKey> keys) => _keys = keys.ToFrozenDictionary(key => key.Sha256, StringComparer.Ordinal);

    /// <summary>How often each caller may ask: so many requests at once, and as many again evenly over each minute.</summary>
    public static PartitionedRateLimiter<HttpContext> CreateLimiter() => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        context.Features.Get<ApiKey>() is { RequestsPerMinute: { } most } key
            ? RateLimitPartition.GetTokenBucketLimiter(key.Sha256, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = most,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1) / most,
            })
            : RateLimitPartition.GetNoLimiter(""));

    /// <summary>Answers requests of strangers; those of callers go on, who are from then on a feature of the request.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith("/health/", StringComparison.Ordinal))
            return next(context);

        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || !_keys.TryGetValue(ApiKey.HashOf(header[Scheme.Length..].Trim()), out var key))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return ProblemAnswers.WriteAsync(context, Problem.Of(
                StatusCodes.Status401Unauthorized, ApiCodes.Unauthenticated,
                "This service answers only to keys that it knows. Send one as \"Authorization: Bearer KEY\"."));
        }

        var scope = path[(path.LastIndexOf('/') + 1)..];
        if (!key.Allows(scope) && path is not OpenApiDocument.Path)
        {
            return ProblemAnswers.WriteAsync(context, Problem.Of(
                StatusCodes.Status403Forbidden, ApiCodes.Forbidden, $"The key of \"{key.Name}\" is not for {path}."));
        }

        context.Features.Set(key);
        return next(context);
    }

    /// <summary>Answers a caller who has asked too often.</summary>
    public static ValueTask RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter);
        return new ValueTask(ProblemAnswers.WriteAsync(context, Problem.Of(
            StatusCodes.Status429TooManyRequests, ApiCodes.RateLimited, "The key has been used more often than it may be in a minute.") with
        {
            RetryAfter = retryAfter,
        }));
    }
}
