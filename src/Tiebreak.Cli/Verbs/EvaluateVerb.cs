using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Data.Facts;

namespace Tiebreak.Cli.Verbs;

internal sealed class EvaluateVerb : Verb
{
    private readonly Option<string?> _judge = new("--judge") { Description = "Folder of the judge's bundle." };
    private readonly Option<string?> _predictions = new("--predictions")
    {
        Description = "Instead of a judge: a file of preferences by id, such as a submission; battles that it lacks are not scored.",
    };
    private readonly ScaleOption _scale = new();
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles, in any format that Tiebreak reads.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _by = new("--by")
    {
        Description = $"Slices to show: {string.Join(", ", SliceKey.ForReports.Select(key => key.Name))}.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _report = new("--report")
    {
        Description = "Also write everything, all slices and the worst misses included, as one HTML file.",
    };
    private readonly Option<bool> _curve = new("--curve")
    {
        Description = "Instead: train --recipe on more and more rows of --data, and show how the loss on held-out rows falls.",
    };
    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description = "With --curve: a YAML file, or a recipe that comes with Tiebreak.",
    };
    private readonly Option<string[]> _set = new("--set") { Description = "With --curve: change the recipe: key=value." };
    private readonly Option<int[]> _rows = new("--rows")
    {
        Description =
            "With --curve: numbers of training rows. Default: all that are not held out (four fifths), and halves of it down to 50.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _repetitions = new("--repetitions")
    {
        Description = "With --curve: how many times a fifth is held out; five hold out every row once.",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<double[]> _simulate = new("--simulate")
    {
        Description = "Instead: what a calibrated judge with this log loss looks like, accuracy against confidence.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double> _ties = new("--ties")
    {
        Description = "With --simulate: the share of ties; A and B share the rest equally.",
        DefaultValueFactory = _ => 0.31,
    };

    private readonly StatesOption _states = new();
    private readonly TrainingNumbersOptions _numbers;

    public EvaluateVerb(Surface surface)
        : base("evaluate", "Score a judge, or predictions, against what people voted, beside trivial baselines.", surface)
    {
        _by.AcceptOnlyFromAmong([.. SliceKey.ForReports.Select(key => key.Name)]);
        foreach (var option in (Option[])[_judge, _predictions, _scale, _data, _by, _report, _curve, _recipe, _set, _rows,
            _repetitions, _simulate, _ties, _states])
        {
            Add(option);
        }

        _numbers = new TrainingNumbersOptions(this);
        AddInputOptions();
        AddJudgeOptions();
        AddMembersOption();
        Examples =
        [
            "evaluate --judge judge --data held-out.csv --report report.html",
            "evaluate --predictions oof.csv --data train.csv --by turns language",
            "evaluate --curve --recipe feature --data train.csv --report curve.html",
            "evaluate --simulate 0.93 --ties 0.3",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var report = parse.GetValue(_report);
        if (parse.GetValue(_simulate) is { Length: > 0 } losses)
        {
            session.Report(ReadLogLoss.Run(losses, Ties(parse)), () => AppJson.Default.LogLossDocument);
            return TiebreakCommand.Ok;
        }

        if (parse.GetValue(_data) is not { Length: > 0 } data)
            throw new InputException("Give the labelled battles: --data FILE.");
        if (parse.GetValue(_curve))
        {
            var curve = Curve(parse, data);
            session.Report(
                await session.RunAsync(context => curve.RunAsync(context, cancellationToken)),
                () => AppJson.Default.LearningCurveDocument, report);
            return TiebreakCommand.Ok;
        }

        var (judge, predictions) = (parse.GetValue(_judge), parse.GetValue(_predictions));
        if (judge is null == predictions is null)
            throw new InputException("Give either --judge BUNDLE or --predictions FILE.");
        var slices = new SliceChoice { ShownFirst = parse.GetValue(_by) ?? [], HasAll = session.Json || report is not null };
        var document = await session.RunAsync(context => judge is not null
            ? new EvaluateJudge
            {
                Judge = judge,
                Data = data,
                States = parse.GetValue(_states),
                Numbers = _numbers.File(parse),
                Slices = slices,
            }.RunAsync(context, cancellationToken)
            : new EvaluatePredictions { Predictions = predictions!, Data = data, Scale = _scale.Get(parse), Slices = slices }
                .RunAsync(context, cancellationToken));
        session.Report(document, () => AppJson.Default.EvaluationDocument, report);
        return TiebreakCommand.Ok;
    }

    private MeasureLearningCurve Curve(ParseResult parse, string[] data)
    {
        if (parse.GetValue(_recipe) is not { } recipe)
            throw new InputException("--curve trains judges, so it needs a recipe: --recipe feature, or a YAML file.");
        if (parse.GetValue(_repetitions) is < 1 or > 1000)
            throw new InputException("--repetitions must be from 1 to 1000.");

        return new MeasureLearningCurve
        {
            Recipe = _numbers.LoadRecipe(parse, recipe, parse.GetValue(_set) ?? []),
            Data = data,
            States = parse.GetValue(_states),
            Numbers = _numbers.File(parse),
            Rows = parse.GetValue(_rows) ?? [],
            Repetitions = parse.GetValue(_repetitions),
        };
    }

    private double Ties(ParseResult parse)
    {
        var ties = parse.GetValue(_ties);
        return ties is > 0 and < 1
            ? ties
            : throw new InputException($"--ties is {ties}; it is a share, above 0 and below 1: 0.31 for 31 %.");
    }
}
