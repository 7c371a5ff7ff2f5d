namespace Tiebreak.Core;

/// <summary>What the user gave is wrong (a file, a row, an option): the command ends with exit code 2.</summary>
public sealed class InputException : TiebreakException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where (file, row, key), how to fix it.</param>
    /// <param name="innerException">The cause, kept for logs.</param>
    public InputException(string message, Exception? innerException = null)
        : base(message, innerException) => Code = ErrorCodes.Input;
}
