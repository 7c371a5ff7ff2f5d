namespace Tiebreak.Core;

/// <summary>
/// A problem that a person can mend. The message is one plain sentence or two: what is wrong, where, and how to fix it.
/// It is shown as it stands, without a stack trace.
/// </summary>
public class TiebreakException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, how to fix it.</param>
    /// <param name="innerException">The cause, kept for logs.</param>
    public TiebreakException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>What kind of problem it is, for programs: one of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; init; } = ErrorCodes.Failed;

    /// <summary>
    /// The parameters that the message names between backticks, in lower case with hyphens: <c>device</c>, <c>group-size</c>.
    /// Libraries do not know what a program calls its options; the program puts its own names in their place.
    /// </summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];
}
