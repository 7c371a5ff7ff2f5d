using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class QuantizeVerb : Verb
{
    private readonly Argument<string> _model = new("dir") { Description = "Folder of the model: config.json and weights." };
    private readonly Option<string> _format = new("--format")
    {
        Description = "awq and gptq (4 bits, calibrated), nf4 (4 bits) or int8.",
        Required = true,
    };
    private readonly Option<string> _out = new("--out") { Description = "The folder to write.", Required = true };
    private readonly Option<int> _groupSize = new("--group-size")
    {
        Description = "awq, gptq: inputs that share a scale.",
        DefaultValueFactory = _ => 128,
    };
    private readonly Option<bool> _actOrder = new("--act-order") { Description = "gptq: take inputs in the order of their importance." };
    private readonly Option<bool> _doubleQuantization = new("--double-quantization") { Description = "nf4: quantise scales once more." };
    private readonly Option<int> _calibrationRows = new("--calibration-rows")
    {
        Description = "awq, gptq: battles to calibrate on, all computed together.",
        DefaultValueFactory = _ => 32,
    };
    private readonly Option<int> _driftRows = new("--drift-rows")
    {
        Description = "Battles to measure the drift of preferences on; others than those of the calibration.",
        DefaultValueFactory = _ => 64,
    };
    private readonly BattleRowOptions _battles;

    public QuantizeVerb(Surface surface)
        : base("quantize", "Pack a checkpoint's linear layers into 4 or 8 bits, and measure what that does to its preferences.", surface)
    {
        Examples =
        [
            "model quantize judge-merged --format gptq --data train.csv --out judge-gptq",
            "model quantize gemma-2-9b --format nf4 --double-quantization --out gemma-2-9b-nf4",
        ];
        _ = _format.AcceptOnlyFromAmong("awq", "gptq", "nf4", "int8");
        Add(_model);
        Add(_format);
        Add(_out);
        _battles = new BattleRowOptions(this);
        Add(_groupSize);
        Add(_actOrder);
        Add(_doubleQuantization);
        Add(_calibrationRows);
        Add(_driftRows);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (folder, target) = (parse.GetRequiredValue(_model), parse.GetRequiredValue(_out));
        var options = new QuantizationOptions
        {
            Format = Enum.Parse<QuantizationFormat>(parse.GetRequiredValue(_format), ignoreCase: true),
            GroupSize = parse.GetValue(_groupSize),
            ActOrder = parse.GetValue(_actOrder),
            DoubleQuantization = parse.GetValue(_doubleQuantization),
        };
        var calibrated = options.NeedsCalibration ? parse.GetValue(_calibrationRows) : 0;
        if (options.NeedsCalibration && !_battles.AreGiven(parse))
            throw new InputException($"--format {parse.GetValue(_format)} needs rows to calibrate on; name battles with --data.");

        TorchRuntime.Start(session.Threads);
        var rows = await _battles.LoadAsync(parse, session, folder, calibrated + parse.GetValue(_driftRows), cancellationToken);
        TokenSequence[] calibration = [.. rows.Take(calibrated)], compared = [.. rows.Skip(calibrated)];
        var clock = Stopwatch.StartNew();
        var packed = await ModelQuantizer.RunAsync(folder, target, options, calibration);
        var (before, after) = (Bytes(folder), Bytes(target));
        session.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {target}: {packed.Count} linear layers as {parse.GetValue(_format)} in {clock.Elapsed.TotalSeconds:F0} s; "
                + $"{before / 1e6:F1} MB have become {after / 1e6:F1} MB."));
        var json = new JsonObject { ["out"] = target, ["layers"] = packed.Count, ["bytes_before"] = before, ["bytes_after"] = after };
        if (compared.Length > 0)
        {
            var drift = PreferenceDrift.Between(Logits(folder), Logits(target));
            session.Show(DriftOutput.Table($"Packed as {parse.GetValue(_format)}, against {folder} (float32)", drift).ToTerminal());
            json["drift"] = DriftOutput.Json(drift);
        }
        else
        {
            session.Warn("The drift of preferences was not measured: --data names no battle beyond those of the calibration.");
        }

        session.Emit(json);
        return TiebreakCommand.Ok;

        IReadOnlyList<float[]> Logits(string model)
        {
            using var loaded = TransformerModel.Load(model);
            return PreferenceDrift.Logits(loaded, compared, cancellationToken);
        }
    }

    private static long Bytes(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return checkpoint.Entries.Sum(entry => entry.ByteCount);
    }
}
