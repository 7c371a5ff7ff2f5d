using System.CommandLine;
using Tiebreak.App.Predicting;
using Tiebreak.Core;
using Tiebreak.Runs.Budgets;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>The options that turn a prediction into a run: a folder, a time budget, several processes.</summary>
internal sealed class RunOptions
{
    private const int MostWorkers = 256;

    private readonly Option<string?> _run = new("--run")
    {
        Description = "Folder of the run, which survives crashes. Default with the options below: OUT.run.",
    };
    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the run in that folder; begin it if there is none.",
    };
    private readonly Option<string?> _budget = new("--budget")
    {
        Description = "Time that the command may take from its start: 9h, 90m, 1h30m.",
    };
    private readonly Option<string?> _until = new("--until") { Description = "Time of day at which everything must be written: 17:30." };
    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "Processes that share the work, each with a judge of its own. Default: one per device.",
    };
    private readonly DeviceOption _device;
    private readonly Option<string?> _fallback = new("--fallback")
    {
        Description =
            "Bundle of a fast judge where the other one fails or has no time. Default: the folder fallback in the judge's, if any.",
    };
    private readonly Option<bool> _detach = new(DetachedCommand.OptionName)
    {
        Description = "Go on in the background, also when the terminal closes; see `tiebreak status`.",
    };

    public RunOptions(Command verb, DeviceOption device)
    {
        _device = device;
        _workers.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is < 1 or > MostWorkers)
                result.AddError($"--workers must be from 1 to {MostWorkers}.");
        });
        foreach (var option in new Option[] { _run, _resume, _budget, _until, _workers, _fallback, _detach })
            verb.Add(option);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool AreGiven(ParseResult parse) =>
        Text(parse, _run) || Text(parse, _budget) || Text(parse, _until) || Text(parse, _fallback) ||
        parse.GetValue(_resume) || parse.GetValue(_detach) || Workers(parse) > 1;

    public bool Detach(ParseResult parse) => parse.GetValue(_detach);

    /// <summary>Starts the same command in the background.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">This system cannot do it.</exception>
    public Task<int> DetachAsync(ParseResult parse, Session session, string folderIfNone) =>
        DetachedCommand.StartAsync(parse, session, _run.Name, Folder(parse, folderIfNone), isNamed: Text(parse, _run));

    public string Folder(ParseResult parse, string ifNone) => parse.GetValue(_run) ?? ifNone;

    public bool Resume(ParseResult parse) => parse.GetValue(_resume);

    /// <summary>How many processes: as many as devices, unless said otherwise.</summary>
    public int Workers(ParseResult parse) => parse.GetValue(_workers) ?? _device.Of(parse).Count;

    /// <summary>What one worker has: its share of the threads, and a device; workers take turns on those that are named.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="session">With the threads of all workers together.</param>
    /// <param name="worker">The number of the worker; this process is 0.</param>
    /// <exception cref="InputException">What is named is no list of devices.</exception>
    public Session OfWorker(ParseResult parse, Session session, int worker)
    {
        var devices = _device.Of(parse);
        return session with
        {
            Threads = Math.Max(1, session.Threads / Workers(parse)),
            Device = devices[worker % devices.Count],
            Log = session.Log is null or "-" ? null : $"{session.Log}.{worker}", // of standard error only warnings are passed on
        };
    }

    /// <summary>
    /// The bundle of the fast judge: the one that is named, else the one that lies in the judge's own folder; null for none.
    /// </summary>
    public string? Fallback(ParseResult parse, string judge) =>
        parse.GetValue(_fallback) ?? PredictInRun.FallbackIn(judge);

    /// <summary>When everything must be written, or null. A budget counts from the start of the process.</summary>
    public DateTimeOffset? Deadline(ParseResult parse)
    {
        var (budget, until) = (parse.GetValue(_budget), parse.GetValue(_until));
        if (budget is not null && until is not null)
            throw new InputException("Give --budget or --until, not both.");
        if (until is not null)
            return TimeBudget.ParseUntil(until, DateTimeOffset.Now);
        return budget is null ? null : Started + TimeBudget.ParseDuration(budget);
    }

    /// <summary>When this process started.</summary>
    public static DateTimeOffset Started
    {
        get
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return new DateTimeOffset(process.StartTime);
        }
    }

    private static bool Text(ParseResult parse, Option<string?> option) => parse.GetValue(option) is not null;
}
