using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Predicting;
using Tiebreak.Cli.Verbs.Scoring;
using Tiebreak.Core;
using Tiebreak.Core.Judging;

namespace Tiebreak.Cli.Verbs;

internal sealed class PredictVerb : Verb
{
    private const string RehearsalName = "rehearsal";

    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string> _data = new("--data")
    {
        Description = "Battles to predict, in any format that Tiebreak reads.",
        Required = true,
    };
    private readonly Option<string?> _out = new("--out") { Description = "The submission to write." };
    private readonly Option<string> _swap = new("--swap")
    {
        Description = "Judge both orders of A and B: auto (as the bundle says), always, never.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _asLabels = new("--as-labels")
    {
        Description = "Instead of a submission: the battles with soft labels, as JSONL (.gz, .zst).",
    };
    private readonly Option<int?> _rehearse = new("--rehearse")
    {
        Description = "Instead of a real test: so many battles drawn from --data, the nastiest among them.",
    };
    private readonly Option<string?> _decisions = new("--decisions")
    {
        Description = "Also write what the judge names, where it abstains, its sets of outcomes, and how likely neither is acceptable.",
    };
    private readonly FormOption _form = new();
    private readonly StatesOption _states = new();
    private readonly NumbersOption _numbers = new();
    private readonly RunOptions _run;

    public PredictVerb(Surface surface)
        : base("predict", "Predict what people prefer, for every row of a file, as a submission.", surface)
    {
        _swap.AcceptOnlyFromAmong("auto", "always", "never");
        Add(_judge);
        Add(_data);
        Add(_out);
        Add(_swap);
        Add(_asLabels);
        Add(_rehearse);
        Add(_decisions);
        Add(_form);
        Add(_states);
        Add(_numbers);
        _rehearse.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is < 1 or > 1_000_000)
                result.AddError("--rehearse must be from 1 to 1,000,000.");
        });
        _run = new RunOptions(this, Device);
        AddInputOptions(ofTestRows: true);
        AddJudgeOptions();
        AddMembersOption();
        Examples =
        [
            "predict --judge judge --data test.csv --out submission.csv",
            "predict --judge judge --data test.csv --out submission.csv --budget 9h --detach",
            "predict --judge judge --data test.csv --out submission.csv --run run --resume --workers 2",
            "predict --judge judge --data test.csv --out submission.csv --device cpu,cpu",
            "predict --judge judge --data train.csv --rehearse 25000 --budget 9h",
            "predict --judge judge --data test.csv --numbers test-rewards.csv --out submission.csv",
            "predict --judge judge --data unlabelled.jsonl.gz --as-labels soft.jsonl.zst",
        ];
    }

    protected override bool SharesDevices => true;

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (folder, data, path) = (parse.GetRequiredValue(_judge), parse.GetRequiredValue(_data), parse.GetValue(_out));
        var (labels, rehearse) = (parse.GetValue(_asLabels), parse.GetValue(_rehearse));
        if (new[] { path is not null, labels is not null, rehearse is not null }.Count(given => given) != 1)
        {
            throw new InputException(
                "Say what to write: --out FILE for a submission, --as-labels FILE for soft labels, or --rehearse ROWS to practise.");
        }

        var decisions = parse.GetValue(_decisions);
        if (decisions is not null && path is null)
        {
            throw new InputException(
                "--decisions is written beside a submission: give --out FILE, and neither --as-labels nor --rehearse.");
        }

        if (labels is not null && _run.AreGiven(parse))
        {
            throw new InputException("--as-labels streams the file and cannot be a run: leave out --run, --resume, --budget, --until, "
                + "--workers, --fallback, --detach and several devices.");
        }

        if (parse.GetValue(_states) is not null && (labels is not null || rehearse is not null || _run.AreGiven(parse)))
        {
            throw new InputException($"{_states.Name} is for a prediction in one go: leave out --as-labels, --rehearse, --run, --resume, "
                + "--budget, --until, --workers, --fallback, --detach and several devices.");
        }

        if (parse.GetValue(_numbers) is not null && (labels is not null || rehearse is not null))
            throw new InputException($"{_numbers.Name} is for a submission: leave out --as-labels and --rehearse.");

        if (_run.Detach(parse))
            return await _run.DetachAsync(parse, session, path is null ? RehearsalName : $"{path}.run");

        // The judge is opened once, with what one worker has; everything else has all threads.
        Task<T> RunAsync<T>(Func<JobContext, Task<T>> job)
        {
            var placement = _run.OfWorker(parse, session, worker: 0).Placement;
            return session.RunAsync(context => job(context with { Placement = placement }));
        }

        SwapPolicy? swap = parse.GetRequiredValue(_swap) switch
        {
            "always" => SwapPolicy.Always,
            "never" => SwapPolicy.Never,
            _ => null,
        };
        if (labels is not null)
        {
            var labelling = new LabelFile { Judge = folder, Data = data, Out = labels, Swap = swap };
            session.Report(
                await RunAsync(context => labelling.RunAsync(context, cancellationToken)), () => AppJson.Default.LabellingDocument);
            return TiebreakCommand.Ok;
        }

        if (rehearse is null && !_run.AreGiven(parse))
        {
            var prediction = new PredictFile
            {
                Judge = folder,
                Data = data,
                Out = path!,
                Winners = _form.IsWinner(parse),
                Fallback = _run.Fallback(parse, folder),
                Swap = swap,
                Decisions = decisions,
                States = parse.GetValue(_states),
                Numbers = parse.GetValue(_numbers),
            };
            var predicted = await RunAsync(context => prediction.RunAsync(context, cancellationToken));
            session.Report(predicted, () => AppJson.Default.PredictionDocument);
            return predicted.IsMostlyJudged ? TiebreakCommand.Ok : TiebreakCommand.Failed;
        }

        var run = new PredictInRun
        {
            Judge = folder,
            Data = data,
            Numbers = parse.GetValue(_numbers),
            Out = path ?? "",
            Winners = _form.IsWinner(parse),
            Folder = _run.Folder(parse, $"{path}.run"),
            Fallback = _run.Fallback(parse, folder),
            Swap = swap,
            Decisions = decisions,
            Resume = _run.Resume(parse),
            Deadline = _run.Deadline(parse),
            Workers = _run.Workers(parse),
            StartWorker = (own, number, cancel) => WorkerProcess.RunAsync(own, _run.OfWorker(parse, session, number), cancel),
        };
        if (rehearse is { } rows)
        {
            var rehearsal = new RehearseRun
            {
                Run = run,
                Folder = _run.Folder(parse, RehearsalName),
                Rows = rows,
                Started = RunOptions.Started,
            };
            session.Report(
                await RunAsync(context => rehearsal.RunAsync(context, cancellationToken)), () => AppJson.Default.RehearsalDocument);
        }
        else
        {
            var document = await RunAsync(context => run.RunAsync(context, cancellationToken));
            session.Report(document, () => AppJson.Default.RunDocument);
            if (!document.Complete)
                session.Say("The same command with --resume and a larger --budget goes on.");
        }

        return TiebreakCommand.Ok;
    }
}
