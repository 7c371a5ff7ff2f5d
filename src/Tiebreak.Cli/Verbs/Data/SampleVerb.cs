using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Curation;
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
        AddInputOptions();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var sample = new SampleBattles
        {
            Data = parse.GetRequiredValue(_data),
            Out = parse.GetRequiredValue(_out),
            Rows = parse.GetValue(_rows),
            Prompts = parse.GetValue(_prompts),
        };
        session.Report(
            await session.RunAsync(context => sample.RunAsync(context, cancellationToken)), () => AppJson.Default.SampleDocument);
        return TiebreakCommand.Ok;
    }
}
