using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tiebreak.Cli.Verbs;

namespace Tiebreak.Cli;

/// <summary>The usual help, and below it the examples of the verb.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    // Whoever asks for help need not give what is required.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Examples: { Count: > 0 } examples })
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  tiebreak {example}");
            output.WriteLine();
        }

        return exitCode;
    }
}
