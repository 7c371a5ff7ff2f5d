using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Curation;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class ConvertVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles to read.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The file to write: .jsonl, .jsonl.gz and .parquet keep everything; .csv is Kaggle's layout, "
            + "with labels where all battles have one.",
        Required = true,
    };

    public ConvertVerb(Surface surface)
        : base("convert", "Write battles in another format.", surface)
    {
        Add(_data);
        Add(_out);
        AddInputOptions();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var conversion = new ConvertBattles { Data = parse.GetRequiredValue(_data), Out = parse.GetRequiredValue(_out) };
        var converted = await session.RunAsync(context => conversion.RunAsync(context, cancellationToken));
        session.Say($"Wrote {converted.Out}: {Quantity.Of(converted.Rows, "battle")}.");
        session.Emit(converted, () => AppJson.Default.ConvertedBattles);
        return TiebreakCommand.Ok;
    }
}
