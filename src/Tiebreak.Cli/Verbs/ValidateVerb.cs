using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Validating;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

internal sealed class ValidateVerb : Verb
{
    private readonly Option<string?> _judge = new("--judge") { Description = "Folder of the judge's bundle." };
    private readonly Option<string?> _predictions = new("--predictions")
    {
        Description = "Instead of a judge: its answers by id, as probabilities or as bare verdicts (id,winner).",
    };
    private readonly Option<string?> _swapped = new("--swapped")
    {
        Description = "With --predictions: its answers with A and B exchanged, as it gave them (A is the side that it was shown first).",
    };
    private readonly Option<string?> _again = new("--again")
    {
        Description = "With --predictions: its answers when it was asked the same a second time.",
    };
    private readonly ScaleOption _scale = new();
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles, in any format that Tiebreak reads; 100 are enough to begin with.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _require = new("--require")
    {
        Description = "What it must reach, such as kappa=0.3 flips=0.2; exit code 1 if it does not.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _report = new("--report") { Description = "Also write everything as one HTML file." };
    private readonly StatesOption _states = new();
    private readonly NumbersOption _numbers = new();

    public ValidateVerb(Surface surface)
        : base("validate", "Say how far a judge agrees with people, and what it can be used for.", surface)
    {
        foreach (var option in (Option[])[_judge, _predictions, _swapped, _again, _scale, _data, _require, _report, _states, _numbers])
            Add(option);
        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "validate --judge judge --data labels.jsonl --report validation.html",
            "validate --predictions verdicts.csv --swapped swapped.csv --again again.csv --data labels.jsonl",
            "validate --judge judge --data labels.jsonl --require kappa=0.3 flips=0.2",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (judge, predictions) = (parse.GetValue(_judge), parse.GetValue(_predictions));
        if (judge is null == predictions is null)
            throw new InputException("Give either --judge BUNDLE or --predictions FILE.");
        if (judge is not null && (parse.GetValue(_swapped) ?? parse.GetValue(_again)) is not null)
            throw new InputException("--swapped and --again are for --predictions; a judge is asked in both orders and again anyway.");

        var data = parse.GetRequiredValue(_data);
        MeasureRequirement[] requirements = [.. (parse.GetValue(_require) ?? []).Select(MeasureRequirement.Parse)];
        var document = await session.RunAsync(context => judge is not null
            ? new ValidateJudge
            {
                Judge = judge,
                Data = data,
                States = parse.GetValue(_states),
                Numbers = parse.GetValue(_numbers),
                Requirements = requirements,
            }.RunAsync(context, cancellationToken)
            : new ValidatePredictions
            {
                Predictions = predictions!,
                Swapped = parse.GetValue(_swapped),
                Again = parse.GetValue(_again),
                Data = data,
                Scale = _scale.Get(parse),
                Requirements = requirements,
            }.RunAsync(context, cancellationToken));
        session.Report(document, () => AppJson.Default.ValidationDocument, parse.GetValue(_report));
        return document.Requirements.All(requirement => requirement.Met) ? TiebreakCommand.Ok : TiebreakCommand.Failed;
    }
}
