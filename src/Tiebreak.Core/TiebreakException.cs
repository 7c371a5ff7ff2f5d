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
}
