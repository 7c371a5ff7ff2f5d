using Tiebreak.Core;

namespace Tiebreak.Cli.Output;

/// <summary>Why the command ended without a result, for people and for machines.</summary>
/// <param name="Code">What kind of error it is: one of <see cref="ErrorCodes"/>, or a code of the command's own.</param>
/// <param name="Message">The sentence for people.</param>
/// <param name="Parameters">The options that the sentence is about, without their hyphens.</param>
internal sealed record CommandError(string Code, string Message, IReadOnlyList<string> Parameters)
{
    /// <summary>The command line cannot be understood.</summary>
    public const string Usage = "usage";

    /// <summary>A defect of Tiebreak.</summary>
    public const string Internal = "internal";

    /// <summary>An error of the libraries: the names of its parameters become the options of the command.</summary>
    public static CommandError Of(TiebreakException exception) => new(
        exception.Code,
        exception.Parameters.Aggregate(
            exception.Message, (message, name) => message.Replace($"`{name}`", $"--{name}", StringComparison.Ordinal)),
        exception.Parameters);
}

/// <summary>An error as <c>--json</c> prints it.</summary>
internal sealed record ErrorReport(CommandError Error);
