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
        Description = "Files of preferences by id, from Tiebreak or from elsewhere.",
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
    private readonly Option<string?> _out = new("--out") { Description = "The file to write, in the layout of a submission." };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the report as an HTML page." };
    private readonly ScaleOption _scale = new();

    public BlendVerb(Surface surface)
        : base("blend", "Blend files of preferences, and say whether they are better together.", surface)
    {
        _pool.AcceptOnlyFromAmong("linear", "log");
        _weightsBy.AcceptOnlyFromAmong("length", "turns");
        _by.AcceptOnlyFromAmong([.. SliceKey.ForReports.Select(key => key.Name)]);
        Add(_files);
        foreach (var option in new Option[] { _data, _weights, _pool, _weightsBy, _by, _ablate, _out, _report, _scale })
            Add(option);
        AddInputOptions();
        Examples =
        [
            "blend one.csv two.csv --weights 0.6,0.4 --out blend.csv",
            "blend oof-one.csv oof-two.csv oof-three.csv --data train.csv --ablate --by turns",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
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
            Slices = new SliceChoice { ShownFirst = parse.GetValue(_by) ?? [], HasAll = false },
        };
        session.Report(
            await session.RunAsync(context => blend.RunAsync(context, cancellationToken)), () => AppJson.Default.BlendDocument,
            parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }

    private static double[] WeightsOf(string? text) => text is null ? [] :
    [
        .. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            ? weight
            : throw new InputException($"--weights {text}: \"{part}\" is no number. Give one for each member, with commas: 0.6,0.4.")),
    ];
}
