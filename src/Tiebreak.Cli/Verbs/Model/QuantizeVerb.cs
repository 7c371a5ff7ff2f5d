using System.CommandLine;
using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Import;

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
    private readonly Option<int> _keepLayers = new("--keep-layers")
    {
        Description = "int8: how many layers stay as they are, those that lose most on the rows to calibrate on.",
    };
    private readonly Option<int> _calibrationRows = new("--calibration-rows")
    {
        Description = "awq, gptq, --keep-layers: battles to calibrate on; the first two compute them all together.",
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
            "model quantize judge-merged --format int8 --keep-layers 2 --data train.csv --out judge-int8",
            "model quantize gemma-2-9b --format nf4 --double-quantization --out gemma-2-9b-nf4",
        ];
        _ = _format.AcceptOnlyFromAmong("awq", "gptq", "nf4", "int8");
        Add(_model);
        Add(_format);
        Add(_out);
        _battles = new BattleRowOptions(this);
        AddInputOptions();
        Add(_groupSize);
        Add(_actOrder);
        Add(_doubleQuantization);
        Add(_keepLayers);
        Add(_calibrationRows);
        Add(_driftRows);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (folder, target) = (ModelFolder.Of(parse.GetRequiredValue(_model)), parse.GetRequiredValue(_out));
        var options = new QuantizationOptions
        {
            Format = Enum.Parse<QuantizationFormat>(parse.GetRequiredValue(_format), ignoreCase: true),
            GroupSize = parse.GetValue(_groupSize),
            ActOrder = parse.GetValue(_actOrder),
            DoubleQuantization = parse.GetValue(_doubleQuantization),
            KeptLayers = parse.GetValue(_keepLayers),
        };
        var calibrated = options.NeedsCalibration ? parse.GetValue(_calibrationRows) : 0;
        if (options.NeedsCalibration && !_battles.AreGiven(parse))
        {
            var asked = options.KeptLayers > 0 ? "--keep-layers" : $"--format {parse.GetValue(_format)}";
            throw new InputException($"{asked} needs rows to calibrate on; name battles with --data.");
        }

        var rows = await _battles.LoadAsync(parse, session, folder, calibrated + parse.GetValue(_driftRows), cancellationToken);
        var quantization = new QuantizeModel
        {
            Model = folder,
            Out = target,
            Options = options,
            Calibration = [.. rows.Take(calibrated)],
            Compared = [.. rows.Skip(calibrated)],
            Threads = session.Threads,
        };
        var report = await quantization.RunAsync(cancellationToken);
        session.Say(
            $"Wrote {target}: {report.Layers} linear layers as {parse.GetValue(_format)} in {report.Time.TotalSeconds:F0} s; " +
            $"{report.BytesBefore / 1e6:F1} MB have become {report.BytesAfter / 1e6:F1} MB.");
        if (report.Kept is { } kept)
        {
            var losses = kept.Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Key} ({layer.Value:P2})"));
            session.Say($"As they are stay the layers that lose most in int8, counted from 0, with the squared error of their "
                + $"hidden states: {string.Join(", ", losses)}.");
        }

        if (report.Drift is { } drift)
            session.Show(DriftTable.Of($"Packed as {parse.GetValue(_format)}, against {folder} (float32)", drift));
        else if (quantization.Compared.Count > 0)
            session.Warn("The drift of preferences was not measured: the model has no head, so it has none.");
        else
            session.Warn("The drift of preferences was not measured: --data names no battle beyond those of the calibration.");
        session.Emit(report, () => ModelJson.Default.QuantizationReport);
        return TiebreakCommand.Ok;
    }
}
