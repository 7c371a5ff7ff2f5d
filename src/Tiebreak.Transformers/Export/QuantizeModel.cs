using System.Diagnostics;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Export;

/// <summary>Quantises a checkpoint's linear layers, and measures what that does to its preferences.</summary>
public sealed record QuantizeModel
{
    /// <summary>Folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>How to quantise.</summary>
    public required QuantizationOptions Options { get; init; }

    /// <summary>Rows to calibrate on, where the format needs them.</summary>
    public IReadOnlyList<TokenSequence> Calibration { get; init; } = [];

    /// <summary>Other rows, on which the quantised model is compared with the model; empty not to.</summary>
    public IReadOnlyList<TokenSequence> Compared { get; init; } = [];

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Quantises.</summary>
    /// <exception cref="InputException">The model or the options cannot be used.</exception>
    /// <exception cref="TiebreakException">The folder cannot be written.</exception>
    public async Task<QuantizationReport> RunAsync(CancellationToken cancellationToken = default)
    {
        TorchRuntime.Start(Threads);
        var clock = Stopwatch.StartNew();
        var kept = KeptLayers();
        var names = kept.SelectMany(layer => layer.Linears).ToHashSet(StringComparer.Ordinal);
        var layers = await ModelQuantizer.RunAsync(Model, Out, Options, Calibration, names).ConfigureAwait(false);
        return new QuantizationReport(Out, layers.Count, Bytes(Model), Bytes(Out))
        {
            Time = clock.Elapsed,
            Kept = kept.Count == 0 ? null : kept.ToDictionary(layer => layer.Layer, layer => layer.Loss),
            Drift = Compared.Count > 0 && HasHead() ? PreferenceDrift.Between(Logits(Model), Logits(Out)) : null,
        };

        bool HasHead() => ModelFiles.HeadKindOrNull(ModelConfig.Read(Model)) is not null;

        IReadOnlyList<float[]> Logits(string folder)
        {
            using var model = TransformerModel.Load(folder);
            return PreferenceDrift.Logits(model, Compared, cancellationToken);
        }
    }

    private List<Int8LayerLoss> KeptLayers()
    {
        if (Options.KeptLayers == 0)
            return [];
        if (Options.Format is not QuantizationFormat.Int8)
            throw Refused("only int8 leaves layers as they are");
        if (Calibration.Count == 0)
            throw Refused("which layers lose most is measured on rows; name battles with `data`", "data");
        var losses = Int8LayerLosses.Measure(Model, Calibration);
        if (Options.KeptLayers < 0 || Options.KeptLayers >= losses.Count)
            throw Refused($"the model has {losses.Count} layers, and at least one is to be packed");
        return [.. losses.OrderByDescending(layer => layer.Loss).Take(Options.KeptLayers).OrderBy(layer => layer.Layer)];

        InputException Refused(string reason, params ReadOnlySpan<string> others) =>
            new($"`keep-layers` is {Options.KeptLayers}, but {reason}.") { Parameters = ["keep-layers", .. others] };
    }

    private static long Bytes(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return checkpoint.Entries.Sum(entry => entry.ByteCount);
    }
}

/// <summary>What was quantised.</summary>
/// <param name="Out">The folder that was written.</param>
/// <param name="Layers">Linear layers that were quantised.</param>
/// <param name="BytesBefore">Size of the model's tensors.</param>
/// <param name="BytesAfter">Size of the quantised model's.</param>
public sealed record QuantizationReport(string Out, int Layers, long BytesBefore, long BytesAfter)
{
    /// <summary>The time that it took.</summary>
    [JsonIgnore]
    public TimeSpan Time { get; init; }

    /// <summary>
    /// Layers that stayed as they are, by their number from 0, with what they lose in int8: the mean squared error of a hidden state in
    /// shares of its square; null: none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<int, double>? Kept { get; init; }

    /// <summary>The quantised model against the model, in float32; null where no rows were given, or the model has no head.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreferenceDrift? Drift { get; init; }
}
