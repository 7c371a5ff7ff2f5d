namespace Tiebreak.Hosting.Problems;

/// <summary>Codes of problems that only a service has, beside <see cref="Core.ErrorCodes"/>.</summary>
internal static class ApiCodes
{
    /// <summary>The time of the request was over before the answer was there.</summary>
    public const string Timeout = "timeout";

    /// <summary>The request, a battle or a list is larger than the service takes.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The content has a type that this route does not read.</summary>
    public const string MediaType = "media-type";

    /// <summary>There is no such route, or not with this method.</summary>
    public const string NotFound = "not-found";

    /// <summary>The request has no key, or one that the service does not know.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>The key is not for this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The key has been used too often; ask again after the stated time.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>A defect of Tiebreak.</summary>
    public const string Internal = "internal";
}
