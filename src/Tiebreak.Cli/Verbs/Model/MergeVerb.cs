using System.CommandLine;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class MergeVerb : Verb
{
    private readonly Argument<string> _model = new("dir") { Description = "Folder of the base: config.json and weights, plain or packed." };
    private readonly Option<string> _adapter = new("--adapter") { Description = "Folder of the PEFT adapter.", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The folder to write.", Required = true };
    private readonly DTypeOption _dtype = new()
    {
        Description = "The type to store: float32, bfloat16 or float16. Without it: what the base's config.json says.",
    };
    private readonly Option<int> _rows = new("--drift-rows")
    {
        Description = "With --data: battles to compare the merged model with the adapted one on.",
        DefaultValueFactory = _ => 64,
    };
    private readonly BattleRowOptions _battles;

    public MergeVerb(Surface surface)
        : base("merge", "Write a base and its adapter as one plain checkpoint: merged in float32, rounded once.", surface)
    {
        Examples =
        [
            "model merge gemma-2-9b --adapter judge-lora --out judge-merged",
            "model merge gemma-2-9b-nf4 --adapter judge-lora --out judge-merged --dtype bfloat16 --data train.csv",
        ];
        Add(_model);
        Add(_adapter);
        Add(_out);
        Add(_dtype);
        _battles = new BattleRowOptions(this);
        AddInputOptions();
        Add(_rows);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var folder = ModelFolder.Of(parse.GetRequiredValue(_model));
        var merge = new MergeAdapter
        {
            Model = folder,
            Adapter = parse.GetRequiredValue(_adapter),
            Out = parse.GetRequiredValue(_out),
            Type = _dtype.Of(parse),
            Compared = await _battles.LoadAsync(parse, session, folder, parse.GetValue(_rows), cancellationToken),
            Threads = session.Threads,
        };
        var report = await merge.RunAsync(cancellationToken);
        session.Say($"Wrote {report.Out}: {folder} with {merge.Adapter}, merged in float32 and stored as {report.Dtype}.");
        if (report.Drift is { } drift)
            session.Show(DriftTable.Of("Merged, against the adapter at run time (float32)", drift));
        session.Emit(report, () => ModelJson.Default.MergeReport);
        return TiebreakCommand.Ok;
    }
}
