using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Export;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class MergeVerb : Verb
{
    private readonly Argument<string> _model = new("dir") { Description = "Folder of the base: config.json and weights, plain or packed." };
    private readonly Option<string> _adapter = new("--adapter") { Description = "Folder of the PEFT adapter.", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The folder to write.", Required = true };
    private readonly Option<string?> _dtype = new("--dtype")
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
        _ = _dtype.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
        Add(_model);
        Add(_adapter);
        Add(_out);
        Add(_dtype);
        _battles = new BattleRowOptions(this);
        Add(_rows);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (folder, adapter, target) = (parse.GetRequiredValue(_model), parse.GetRequiredValue(_adapter), parse.GetRequiredValue(_out));
        DType? type = parse.GetValue(_dtype) switch { "float32" => DType.Float32, "bfloat16" => DType.BFloat16, "float16" =>
            DType.Float16, _ => null };
        TorchRuntime.Start(session.Threads);
        var rows = await _battles.LoadAsync(parse, session, folder, parse.GetValue(_rows), cancellationToken);
        var stored = await AdapterMerge.RunAsync(folder, adapter, target, type);
        session.Say($"Wrote {target}: {folder} with {adapter}, merged in float32 and stored as {stored.ToString().ToLowerInvariant()}.");

        var json = new JsonObject { ["out"] = target, ["dtype"] = stored.ToString().ToLowerInvariant() };
        if (rows.Count > 0)
        {
            var drift = PreferenceDrift.Between(Logits(folder, adapter), Logits(target, adapter: null));
            session.Show(DriftOutput.Table("Merged, against the adapter at run time (float32)", drift).ToTerminal());
            json["drift"] = DriftOutput.Json(drift);
        }

        session.Emit(json);
        return TiebreakCommand.Ok;

        IReadOnlyList<float[]> Logits(string model, string? adapter)
        {
            using var loaded = TransformerModel.Load(model, adapter: adapter);
            return PreferenceDrift.Logits(loaded, rows, cancellationToken);
        }
    }
}
