namespace Tiebreak.Core.Judging;

/// <summary>
/// A judge's memory (of the graphics card, or of the process) does not hold the batch it was given. Fewer battles at a time may fit: whoever
/// can, tries again with half of them.
/// </summary>
public sealed class DeviceMemoryException : TiebreakException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which memory, how much was wanted and how much there is.</param>
    /// <param name="innerException">The cause, kept for logs.</param>
    public DeviceMemoryException(string message, Exception? innerException = null)
        : base(message, innerException) => Code = ErrorCodes.OutOfMemory;
}
