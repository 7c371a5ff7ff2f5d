using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Verbs;
using Tiebreak.Cli.Verbs.Data;
using Tiebreak.Cli.Verbs.Identify;
using Tiebreak.Cli.Verbs.Model;
using Tiebreak.Cli.Verbs.Rank;
using Tiebreak.Cli.Verbs.Route;
using Tiebreak.Cli.Verbs.Scoring;
using Tiebreak.Core;

namespace Tiebreak.Cli;

/// <summary>The command <c>tiebreak</c>: its verbs, and how outcomes become exit codes.</summary>
internal static class TiebreakCommand
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int WrongInput = 2;

    private static readonly OrderedDictionary<string, Func<Surface, Command>> Verbs = new(StringComparer.Ordinal)
    {
        ["quickstart"] = surface => new QuickstartVerb(surface),
        ["train"] = surface => new TrainVerb(surface),
        ["tune"] = surface => new TuneVerb(surface),
        ["predict"] = surface => new PredictVerb(surface),
        ["plan"] = surface => new PlanVerb(surface),
        ["worker"] = surface => new WorkerVerb(surface),
        ["status"] = surface => new StatusVerb(surface),
        ["evaluate"] = surface => new EvaluateVerb(surface),
        ["validate"] = surface => new ValidateVerb(surface),
        ["bench"] = surface => new BenchVerb(surface),
        ["watch"] = surface => new WatchVerb(surface),
        ["calibrate"] = surface => new CalibrateVerb(surface),
        ["blend"] = surface => new BlendVerb(surface),
        ["stack"] = surface => new StackVerb(surface),
        ["predictions"] = surface => new PredictionsVerb(surface),
        ["ledger"] = surface => new LedgerVerb(surface),
        ["compare"] = surface => new CompareVerb(surface),
        ["submission"] = surface => new SubmissionVerb(surface),
        ["rank"] = surface => new RankVerb(surface),
        ["route"] = surface => new RouteVerb(surface),
        ["explore"] = surface => new ExploreVerb(surface),
        ["serve"] = surface => new ServeVerb(surface),
        ["keys"] = surface => new KeysVerb(surface),
        ["identify"] = surface => new IdentifyVerb(surface),
        ["data"] = surface => new DataVerb(surface),
        ["tokenize"] = surface => new TokenizeVerb(surface),
        ["embed"] = surface => new EmbedVerb(surface),
        ["model"] = surface => new ModelVerb(surface),
        ["doctor"] = surface => new DoctorVerb(surface),
    };

    /// <summary>Runs one command line. Ctrl-C stops it at the next safe point; pressed again, it ends the process at once.</summary>
    public static async Task<int> RunAsync(string[] args, Surface surface)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(args, surface, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    public static async Task<int> RunAsync(string[] args, Surface surface, CancellationToken cancellationToken)
    {
        // A prompt may begin with @: no response files.
        var parse = Create(args, surface).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var errors = surface.Error.Profile.Out.Writer;
        string[] unknown = [.. UnknownOptions(parse)];
        if (parse.Errors.Count > 0 || unknown.Length > 0)
        {
            string[] lines =
            [
                .. unknown.Select(option => $"`{PathOf(parse.CommandResult)}` has no option {option}."),
                .. parse.Errors.Select(error => error.Message),
                $"`{PathOf(parse.CommandResult)} --help` shows what is possible.",
            ];
            return Fail(new CommandError(CommandError.Usage, string.Join(Environment.NewLine, lines), []), WrongInput);
        }

        try
        {
            return await parse.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = surface.Out.Profile.Out.Writer,
                    Error = errors,
                },
                cancellationToken);
        }
        catch (InputException exception)
        {
            return Fail(CommandError.Of(exception), WrongInput);
        }
        catch (TiebreakException exception)
        {
            return Fail(CommandError.Of(exception), Failed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail(new CommandError(ErrorCodes.Stopped, "Stopped. Files that were there before are as they were.", []), Failed);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var message = $"Tiebreak ran into an error of its own, please report it: {exception}";
            return Fail(new CommandError(CommandError.Internal, message, []), Failed);
        }

        int Fail(CommandError error, int exitCode)
        {
            errors.WriteLine(error.Message);
            if (parse.CommandResult.Command is Verb verb && verb.WantsJson(parse))
                surface.Out.Profile.Out.Writer.WriteLine(CommandJson.Format(new ErrorReport(error), CommandJson.Default.ErrorReport));
            return exitCode;
        }
    }

    /// <summary>
    /// Options that the command does not have: they were taken for arguments, and the complaint would be about what follows them. A list
    /// of files takes what follows them too, and nobody would complain. A text of a response may begin with a line of dashes.
    /// </summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parse) =>
        parse.CommandResult.Children.OfType<ArgumentResult>()
            .Where(argument => parse.Errors.Count > 0 || argument.Argument.Arity.MaximumNumberOfValues > 1)
            .SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Where(value => value is ['-', '-', >= 'a' and <= 'z', ..] && !value.Contains(' ', StringComparison.Ordinal));

    /// <summary>The command with the commands above it: <c>tiebreak data sample</c>.</summary>
    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "tiebreak";

    // A command line needs one of them, and their options take time to make.
    private static IEnumerable<Command> Needed(string[] args, Surface surface) => args switch
    {
        ["--version"] => [],
        [var name, ..] when Verbs.TryGetValue(name, out var create) => [create(surface)],
        _ => Verbs.Values.Select(create => create(surface)),
    };

    private static RootCommand Create(string[] args, Surface surface)
    {
        var root = new RootCommand("Predicts which of two chatbot answers people will prefer.");
        foreach (var verb in Needed(args, surface))
            root.Add(verb);
        root.HelpName = "tiebreak";
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
