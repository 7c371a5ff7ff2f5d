using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Curation;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class SplitVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles to split.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _out = new("--out")
    {
        Description = "The files to write, one per part.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<double[]> _fractions = new("--fractions")
    {
        Description = "How large the parts are in proportion, one number per file: 8 1 1. For model and time: "
            + "the share of the second part. Default: 0.8 0.2.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _by = new("--by")
    {
        Description = "What never stands on both sides: prompt, model or time.",
        DefaultValueFactory = _ => "prompt",
    };
    private readonly Option<string[]> _models = new("--models")
    {
        Description = "With --by model: the models to hold out.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly EmbedderOption _embedder = new("prompts that mean the same stand in one part.");
    private readonly CosineOption _cosine = new();

    public SplitVerb(Surface surface)
        : base("split", "Cut battles into parts that share no prompt.", surface)
    {
        _by.AcceptOnlyFromAmong("prompt", "model", "time");
        Add(_data);
        Add(_out);
        Add(_fractions);
        Add(_by);
        Add(_models);
        Add(_embedder);
        Add(_cosine);
        AddInputOptions();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var paths = parse.GetRequiredValue(_out);
        var fractions = parse.GetValue(_fractions) is { Length: > 0 } given ? given : [0.8, 0.2];
        if (fractions.Length != paths.Length || paths.Length < 2)
        {
            throw new InputException(
                $"--out names {paths.Length} files and --fractions {fractions.Length} parts; give as many of each, at least two.");
        }

        if (!Array.TrueForAll(fractions, fraction => fraction > 0 && double.IsFinite(fraction)))
            throw new InputException("--fractions must all be above 0.");

        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var split = new SplitBattles
        {
            Data = parse.GetRequiredValue(_data),
            Out = paths,
            Fractions = fractions,
            By = Enum.Parse<SplitBy>(parse.GetRequiredValue(_by), ignoreCase: true),
            Models = parse.GetValue(_models) ?? [],
            Embedder = embedder,
            LeastCosine = parse.GetValue(_cosine),
        };
        session.Report(await session.RunAsync(context => split.RunAsync(context, cancellationToken)), () => AppJson.Default.SplitDocument);
        return TiebreakCommand.Ok;
    }
}
