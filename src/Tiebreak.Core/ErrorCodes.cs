namespace Tiebreak.Core;

/// <summary>
/// What a program can tell errors apart by: the values of <see cref="TiebreakException.Code"/>. They stay the same from version to version,
/// while messages may change.
/// </summary>
public static class ErrorCodes
{
    /// <summary>A file, a row or an option is wrong. The code of every <see cref="InputException"/> without one of its own.</summary>
    public const string Input = "input";

    /// <summary>Too much of the input cannot be used, and nobody has said that this is all right.</summary>
    public const string DataLost = "data-lost";

    /// <summary>The job failed. The code of every other <see cref="TiebreakException"/> without one of its own.</summary>
    public const string Failed = "failed";

    /// <summary>Somebody stopped the job.</summary>
    public const string Stopped = "stopped";

    /// <summary>The machine does not have the device that was asked for.</summary>
    public const string DeviceUnavailable = "device-unavailable";

    /// <summary>Memory does not hold what was to be computed.</summary>
    public const string OutOfMemory = "out-of-memory";

    /// <summary>A native library, such as libtorch or LightGBM, cannot be loaded.</summary>
    public const string NativeLibrary = "native-library";

    /// <summary>A disk is full, or a file cannot be read, written or removed.</summary>
    public const string Storage = "storage";

    /// <summary>A server cannot be reached, or sends something else than was asked for.</summary>
    public const string Network = "network";

    /// <summary>What was to be written would replace something else.</summary>
    public const string TargetExists = "target-exists";

    /// <summary>The folder of a new run has a run already.</summary>
    public const string RunExists = "run-exists";

    /// <summary>The folder has no run.</summary>
    public const string RunMissing = "run-missing";

    /// <summary>The votes do not determine ratings, for instance because some models never met.</summary>
    public const string RatingsUndefined = "ratings-undefined";

    /// <summary>A fit did not converge.</summary>
    public const string NotConverged = "not-converged";
}

/// <summary>What the user gave is wrong (a file, a row, an option): the command ends with exit code 2.</summary>
public sealed class InputException : TiebreakException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where (file, row, key), how to fix it.</param>
    /// <param name="innerException">The cause, kept for logs.</param>
    public InputException(string message, Exception? innerException = null)
        : base(message, innerException) => Code = ErrorCodes.Input;
}
