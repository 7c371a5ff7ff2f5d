using System.CommandLine;
using System.Text.Json;
using Tiebreak.App;
using Tiebreak.App.Calibrating;
using Tiebreak.Core;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Calibration;

namespace Tiebreak.Cli.Verbs;

internal sealed class CalibrateVerb : Verb
{
    private static readonly Dictionary<string, CalibrationMethod> Methods = Enum.GetValues<CalibrationMethod>()
        .ToDictionary(method => JsonNamingPolicy.SnakeCaseLower.ConvertName(method.ToString()), StringComparer.Ordinal);

    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles that the judge was not trained on.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _out = new("--out") { Description = "Folder of the bundle to write. Default: the bundle itself." };
    private readonly Option<string?> _method = new("--method")
    {
        Description = "How preferences are calibrated; without --abstain and --conformal: temperature.",
    };

    private readonly Option<double?> _abstain = new("--abstain")
    {
        Description = "Leave battles to a person, so that at most this share of the answers is wrong: 0.10.",
    };
    private readonly Option<bool> _decisive = new("--decisive")
    {
        Description = "With --abstain: the answer is the better of A and B, and battles that people call a tie do not count.",
    };
    private readonly Option<double> _confidence = new("--confidence")
    {
        Description = "With --abstain: the probability that the promise holds.",
        DefaultValueFactory = _ => 0.95,
    };
    private readonly Option<double?> _conformal = new("--conformal")
    {
        Description = "Sets of outcomes that hold the verdict in this share of battles: 0.9.",
    };

    private readonly StatesOption _states = new();
    private readonly NumbersOption _numbers = new();

    public CalibrateVerb(Surface surface)
        : base("calibrate", "Fit to labelled battles when a judge answers, and how sure it is of its answers.", surface)
    {
        _method.AcceptOnlyFromAmong([.. Methods.Keys]);
        foreach (var share in new Option[] { _abstain, _confidence, _conformal })
        {
            share.Validators.Add(result =>
            {
                if (result.Tokens.Count > 0 && result.GetValueOrDefault<double?>() is not (> 0 and < 1))
                    result.AddError($"{share.Name} is a share: above 0 and below 1.");
            });
        }

        foreach (var option in new Option[]
            { _judge, _data, _out, _method, _abstain, _decisive, _confidence, _conformal, _states, _numbers })
        {
            Add(option);
        }

        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "calibrate --judge judge --data labelled.jsonl --abstain 0.35",
            "calibrate --judge judge --data labelled.jsonl --abstain 0.20 --decisive --conformal 0.9 --out careful-judge",
            "predict --judge careful-judge --data test.csv --out submission.csv --decisions decisions.csv",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (abstain, conformal, method) = (parse.GetValue(_abstain), parse.GetValue(_conformal), parse.GetValue(_method));
        if (abstain is null && parse.GetValue(_decisive))
            throw new InputException("--decisive says what --abstain promises: give --abstain too.");

        var calibration = new CalibrateJudge
        {
            Judge = parse.GetRequiredValue(_judge),
            Data = parse.GetRequiredValue(_data),
            Out = parse.GetValue(_out),
            Method = method is not null ? Methods[method] : (abstain ?? conformal) is null ? CalibrationMethod.Temperature : null,
            MaxError = abstain,
            Outcome = parse.GetValue(_decisive) ? NamedOutcome.Decisive : NamedOutcome.ThreeWay,
            Confidence = parse.GetRequiredValue(_confidence),
            Coverage = conformal,
            States = parse.GetValue(_states),
            Numbers = parse.GetValue(_numbers),
        };
        var document = await session.RunAsync(context => calibration.RunAsync(context, cancellationToken));
        session.Report(document, () => AppJson.Default.CalibrationDocument);
        return document.IsStored ? TiebreakCommand.Ok : TiebreakCommand.Failed;
    }
}
