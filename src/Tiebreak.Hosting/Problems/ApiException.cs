using Tiebreak.Core;

namespace Tiebreak.Hosting.Problems;

/// <summary>A request that is answered with a problem document instead of a result.</summary>
internal sealed class ApiException : TiebreakException
{
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">What kind of problem it is: one of <see cref="ErrorCodes"/> or <see cref="ApiCodes"/>.</param>
    /// <param name="message">What is wrong, where, and how to fix it.</param>
    public ApiException(int status, string code, string message)
        : base(message) => (Status, Code) = (status, code);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The request is wrong.</summary>
    public static ApiException Input(string message) => new(StatusCodes.Status400BadRequest, ErrorCodes.Input, message);

    /// <summary>The request, or a part of it, is too large.</summary>
    public static ApiException TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, ApiCodes.TooLarge, message);
}
