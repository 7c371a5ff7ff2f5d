using System.Net;

namespace Tiebreak.Client;

/// <summary>The service answered that it cannot do what was asked.</summary>
public sealed class TiebreakApiException : Exception
{
    internal TiebreakApiException(HttpStatusCode status, string code, string message)
        : base(message) => (Status, Code) = (status, code);

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>What kind of problem it is, such as <c>input</c> or <c>queue-full</c>; it stays the same when messages change.</summary>
    public string Code { get; }
}
