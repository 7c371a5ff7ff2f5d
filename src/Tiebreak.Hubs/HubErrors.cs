using System.Net;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>What an answer of a hub means to the user.</summary>
internal static class HubErrors
{
    /// <summary>The error for an answer that is no success and will not become one.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">What was asked for.</param>
    /// <param name="page">The page where its terms can be accepted.</param>
    /// <param name="hasToken">True if a token was sent.</param>
    public static TiebreakException Explain(HttpResponseMessage response, string what, Uri page, bool hasToken) =>
        response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when !hasToken => new InputException(
                $"{what} is gated or does not exist. If it is gated, accept its terms at {page} and set HF_TOKEN to your token."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when hasToken => new InputException(
                $"{what} is gated, and the token in HF_TOKEN has no access to it. Accept its terms at {page}, " +
                "and check that the token is valid and may read gated repositories."),
            HttpStatusCode.Forbidden => new InputException($"{what} is gated. Accept its terms at {page} and set HF_TOKEN to your token."),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new InputException(
                $"There is no {what}. Look at {page} for its name and its revisions."),
            var status => new TiebreakException($"{what} could not be fetched: the server answered {(int)status}. See {page}.")
            {
                Code = ErrorCodes.Network,
            },
        };
}
