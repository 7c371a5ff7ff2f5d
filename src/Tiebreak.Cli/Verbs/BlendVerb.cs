using System.CommandLine;
using System.Globalization;
using Tiebreak.App;
using Tiebreak.App.Ensembles;
using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Data.Facts;

namespace Tiebreak.Cli.Verbs;

internal sealed class BlendVerb : Verb
{
    private readonly Argument<string[]> _files = new("files")
    {
        Description = "Files of preferences by id, from Tiebreak or from elsewhere; with --judge the out-of-fold preferences of each.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles that the members have not learned from: say what the members are worth, and fit weights.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "One weight for each member, such as 0.6,0.4. Default: fitted to --data; equal without it.",
    };
    private readonly Option<string> _pool = new("--pool")
    {
        Description = "linear averages the probabilities, log their logarithms.",
        DefaultValueFactory = _ => "linear",
    };
    private readonly Option<string?> _weightsBy = new("--weights-by")
    {
        Description = "Fit weights for bins of battles: length or turns.",
    };
    private readonly Option<string[]> _by = new("--by")
    {
        Description = $"Also the gain by slices: {string.Join(", ", SliceKey.ForReports.Select(key => key.Name))}.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> _ablate = new("--ablate") { Description = "Also leave out each member in turn." };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "The file to write, in the layout of a submission; with --judge the folder of the bundle.",
    };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the report as an HTML page." };
    private readonly ScaleOption _scale = new();
    private readonly Option<string[]> _judges = new("--judge")
    {
        Description = "The folder of a judge's bundle, once for each: makes one judge of them, which every verb takes.",
    };
    private readonly Option<bool> _link = new("--link")
    {
        Description = "With --judge: name the members by path and hash instead of copying them into the bundle.",
    };
    private readonly Option<bool> _cascade = new("--cascade")
    {
        Description = "The first --judge decides the battles that it is sure of, the second one the others.",
    };
    private readonly Option<double?> _maxLoss = new("--max-loss-increase")
    {
        Description = "With --cascade: by how much the log loss may be above the second judge's, such as 0.002 (the default).",
    };
    private readonly Option<double?> _maxTime = new("--max-time")
    {
        Description = "With --cascade: the share of the second judge's time that the cascade may take, such as 0.33.",
    };
    private readonly Option<double?> _maxError = new("--max-error")
    {
        Description = "With --cascade: the share of the first judge's decisions that may be wrong, promised with 95 % confidence.",
    };
    private readonly StatesOption _states = new();
    private readonly NumbersOption _numbers = new();

    public BlendVerb(Surface surface)
        : base("blend", "Blend files of preferences or judges, and say whether they are better together.", surface)
    {
        _pool.AcceptOnlyFromAmong("linear", "log");
        _weightsBy.AcceptOnlyFromAmong("length", "turns");
        _by.AcceptOnlyFromAmong([.. SliceKey.ForReports.Select(key => key.Name)]);
        Add(_files);
        foreach (var option in new Option[]
            {
                _data, _weights, _pool, _weightsBy, _by, _ablate, _out, _report, _scale, _judges, _link, _cascade, _maxLoss, _maxTime,
                _maxError, _states, _numbers,
            })
        {
            Add(option);
        }

        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "blend one.csv two.csv --weights 0.6,0.4 --out blend.csv",
            "blend oof-one.csv oof-two.csv oof-three.csv --data train.csv --ablate --by turns",
            "blend oof-one.csv oof-two.csv --judge one --judge two --data train.csv --out both",
            "blend oof-text.csv oof-minilm.csv --judge text --judge minilm --data train.csv --cascade --max-time 0.33 --out cascade",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var judges = parse.GetValue(_judges) ?? [];
        ThrowIfTheyDoNotGoTogether(parse, judges.Length > 0);
        var slices = new SliceChoice { ShownFirst = parse.GetValue(_by) ?? [], HasAll = false };
        if (judges.Length == 0)
        {
            var blend = new BlendPredictions
            {
                Files = parse.GetValue(_files) ?? [],
                Data = parse.GetValue(_data) ?? [],
                Weights = WeightsOf(parse.GetValue(_weights)),
                PoolsLogarithms = parse.GetValue(_pool) is "log",
                WeightsBy = parse.GetValue(_weightsBy),
                Ablates = parse.GetValue(_ablate),
                Out = parse.GetValue(_out),
                Scale = _scale.Get(parse),
                Slices = slices,
            };
            session.Report(
                await session.RunAsync(context => blend.RunAsync(context, cancellationToken)), () => AppJson.Default.BlendDocument,
                parse.GetValue(_report));
            return TiebreakCommand.Ok;
        }

        var members = new MemberInput
        {
            Judges = judges,
            OutOfFold = parse.GetValue(_files) ?? [],
            Data = parse.GetValue(_data)!,
            States = parse.GetValue(_states),
            Numbers = parse.GetValue(_numbers),
            Scale = _scale.Get(parse),
            Links = parse.GetValue(_link),
        };
        session.Report(
            await session.RunAsync(context => parse.GetValue(_cascade)
                ? new CascadeJudges
                {
                    Members = members,
                    Out = parse.GetValue(_out)!,
                    MaxLossIncrease = parse.GetValue(_maxLoss) ?? 0.002,
                    MaxTime = parse.GetValue(_maxTime),
                    MaxError = parse.GetValue(_maxError),
                }.RunAsync(context, cancellationToken)
                : new BlendJudges
                {
                    Members = members,
                    Out = parse.GetValue(_out)!,
                    Weights = WeightsOf(parse.GetValue(_weights)),
                    PoolsLogarithms = parse.GetValue(_pool) is "log",
                    WeightsBy = parse.GetValue(_weightsBy),
                    Ablates = parse.GetValue(_ablate),
                    Slices = slices,
                }.RunAsync(context, cancellationToken)),
            () => AppJson.Default.EnsembleDocument,
            parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }

    private void ThrowIfTheyDoNotGoTogether(ParseResult parse, bool hasJudges)
    {
        var limits = new Option[] { _maxLoss, _maxTime, _maxError }.Where(IsGiven).ToList();
        if (hasJudges && !(IsGiven(_data) && IsGiven(_out)))
            throw new InputException("--judge makes one judge of several: give --data, which it is fitted to, and --out, its folder.");
        if (!hasJudges && new Option[] { _link, _cascade, _states, _numbers }.FirstOrDefault(IsGiven) is { } ofJudges)
            throw new InputException($"{ofJudges.Name} goes with --judge.");
        if (limits.Count > 0 && !parse.GetValue(_cascade))
            throw new InputException($"{limits[0].Name} goes with --cascade.");
        if (limits.Count > 1)
            throw new InputException($"{limits[0].Name} and {limits[1].Name}: a cascade has one threshold, so give one of them.");
        if (parse.GetValue(_cascade) && new Option[] { _weights, _weightsBy, _ablate, _by }.FirstOrDefault(IsGiven) is { } ofBlends)
            throw new InputException($"{ofBlends.Name} does not go with --cascade, in which one judge decides each battle.");

        bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };
    }

    private static double[] WeightsOf(string? text) => text is null ? [] :
    [
        .. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            ? weight
            : throw new InputException($"--weights {text}: \"{part}\" is no number. Give one for each member, with commas: 0.6,0.4.")),
    ];
}
