using System.Collections.Frozen;
using System.Text;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Explorer.Server;

/// <summary>
/// Lets in who has a key of the API: programs as they send it there, and browsers as the password of HTTP's basic authentication, which
/// they ask a person for by themselves. Keys that are only for some routes of the API do not open the explorer.
/// </summary>
/// <param name="keys">The callers.</param>
internal sealed class BrowserKeyGuard(IReadOnlyList<ApiKey> keys)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    private readonly FrozenDictionary<string, ApiKey> _keys =
        keys.Where(key => key.Scopes is null).ToFrozenDictionary(key => key.Sha256, StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (KeyOf(context.Request.Headers.Authorization.ToString()) is { } sent && _keys.TryGetValue(ApiKey.HashOf(sent), out var key))
        {
            context.Features.Set(key);
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Tiebreak\", charset=\"UTF-8\"";
        return ProblemAnswers.WriteAsync(context, Problem.Of(
            StatusCodes.Status401Unauthorized, ApiCodes.Unauthenticated,
            "This explorer answers only to keys that it knows. Any name will do, and the key is the password."));
    }

    private static string? KeyOf(string header)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return header[Bearer.Length..].Trim();
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            var credentials = Encoding.UTF8.GetString(Convert.FromBase64String(header[Basic.Length..].Trim()));
            return credentials[(credentials.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
