using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Curation;
using Tiebreak.Core;
using Tiebreak.Data.Sampling;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class SampleVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles to draw from.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The file to write: .jsonl, .jsonl.gz, .parquet or .csv.",
        Required = true,
    };
    private readonly Option<int> _rows = new("--rows") { Description = "How many battles to draw.", Required = true };
    private readonly Option<SamplePrompts> _prompts = new("--prompts")
    {
        Description = "Battles about one prompt: any, together (all or none), oneEach.",
        DefaultValueFactory = _ => SamplePrompts.Any,
    };

    private readonly Option<bool> _informative = new("--informative")
    {
        Description = "Instead: draw more battles about topics that tell models apart, and fewer about those on which models are alike.",
    };
    private readonly EmbedderOption _embedder = new("topics of --informative are told by meaning. Without it: by words.");

    public SampleVerb(Surface surface)
        : base("sample", "Draw battles that represent the whole: by language, source, turns, verdict and length.", surface)
    {
        _rows.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError("--rows must be 1 or more.");
        });
        Add(_data);
        Add(_out);
        Add(_rows);
        Add(_prompts);
        Add(_informative);
        Add(_embedder);
        AddInputOptions();
        Examples =
        [
            "data sample --data train.csv --rows 2000 --out sample.csv",
            "data sample --data arena.jsonl --rows 2000 --informative --embedder minilm --out telling.jsonl",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_embedder) is not null && !parse.GetValue(_informative))
            throw new InputException("--embedder is for --informative: a sample that represents the whole looks at no topics.");
        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var sample = new SampleBattles
        {
            Data = parse.GetRequiredValue(_data),
            Out = parse.GetRequiredValue(_out),
            Rows = parse.GetValue(_rows),
            Prompts = parse.GetValue(_prompts),
            IsInformative = parse.GetValue(_informative),
            Embedder = embedder,
        };
        session.Report(
            await session.RunAsync(context => sample.RunAsync(context, cancellationToken)), () => AppJson.Default.SampleDocument);
        return TiebreakCommand.Ok;
    }
}
