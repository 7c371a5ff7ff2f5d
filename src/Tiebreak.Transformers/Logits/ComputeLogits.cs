using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Planning;

namespace Tiebreak.Transformers.Logits;

/// <summary>Computes the logits of token ids, to compare with another program's.</summary>
internal sealed record ComputeLogits
{
    /// <summary>Folder of the checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>JSON with batches of token ids and attention masks; see docs/transformers.md.</summary>
    public required string Inputs { get; init; }

    /// <summary>Folder of a PEFT adapter to apply; null for none.</summary>
    public string? Adapter { get; init; }

    /// <summary>Where to compute.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>What to compute with.</summary>
    public DType Type { get; init; } = DType.Float32;

    /// <summary>What linear layers are computed with. With int8 everything is computed in float too, and the difference reported.</summary>
    public LinearCompute Compute { get; init; } = LinearCompute.Float;

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What makes the computation slow on this machine, one sentence each.</summary>
    public IEnumerable<string> Warnings() => SlowArithmetic.Warnings(Device, Type, Compute);

    /// <summary>Computes.</summary>
    /// <exception cref="InputException">The checkpoint or the inputs cannot be used.</exception>
    public LogitsReport Run(CancellationToken cancellationToken = default)
    {
        var inputs = LogitsInputs.Read(Inputs);
        TorchRuntime.Start(Threads);
        using var model = TransformerModel.Load(Model, Type, Device, Adapter, Compute);
        var (logits, batches) = (new List<float[]>(), new List<BatchLogits>());
        foreach (var batch in inputs.Batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var output = model.Compute(batch.Rows, batch.PaddedLength);
            var alone = model.DependsOnPadding(batch.Rows, batch.PaddedLength) ? model.Compute(batch.Rows) : null;
            logits.AddRange(output.Logits);
            batches.Add(BatchLogits.Of(batch, output, alone, model.HeadKind, inputs.LabelTokens));
        }

        return new LogitsReport(
            model.Config.ModelType, model.HeadKind is HeadKind.Generator ? "causal_lm" : "sequence_classification",
            Type.TorchName(), batches)
        {
            Drift = Compute is LinearCompute.Int8 ? Drift(inputs, logits) : null,
            LabelTokens = inputs.LabelTokens,
            Notes = model.Notes,
        };
    }

    private PreferenceDrift Drift(LogitsInputs inputs, IReadOnlyList<float[]> logits)
    {
        using var exact = TransformerModel.Load(Model, Type, Device, Adapter);
        return PreferenceDrift.Between(
            [.. inputs.Batches.SelectMany(batch => exact.Compute(batch.Rows, batch.PaddedLength).Logits)], logits);
    }
}

/// <summary>What a model computed.</summary>
/// <param name="ModelType">The model's family.</param>
/// <param name="Head">What the logits are: <c>causal_lm</c> or <c>sequence_classification</c>.</param>
/// <param name="ComputeDtype">What was computed with.</param>
/// <param name="Batches">The batches, in order.</param>
internal sealed record LogitsReport(string ModelType, string Head, string ComputeDtype, IReadOnlyList<BatchLogits> Batches)
{
    /// <summary>What int8 changed; null where nothing was computed so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreferenceDrift? Drift { get; init; }

    /// <summary>What is worth knowing of the model's files, one sentence each.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Tokens that stand for answers; empty where the inputs name none.</summary>
    [JsonIgnore]
    public IReadOnlyList<LabelToken> LabelTokens { get; init; } = [];
}
