namespace Tiebreak.Hosting.Serving;

/// <summary>What is logged of serving. Texts of battles are not.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    public static partial void Said(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "The judge {Before} was replaced by {After}.")]
    public static partial void Replaced(ILogger logger, string before, string after);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The judge was not replaced by the bundle in its folder: {Reason}")]
    public static partial void Kept(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The request to {Path} failed.")]
    public static partial void Failed(ILogger logger, string path, Exception exception);
}
