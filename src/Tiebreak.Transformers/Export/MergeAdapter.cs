using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Export;

/// <summary>Writes a base and its adapter as one plain checkpoint, and measures what rounding does to preferences.</summary>
public sealed record MergeAdapter
{
    /// <summary>Folder of the base.</summary>
    public required string Model { get; init; }

    /// <summary>Folder of the PEFT adapter.</summary>
    public required string Adapter { get; init; }

    /// <summary>The folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>The type to store; null for what the base's configuration says.</summary>
    public DType? Type { get; init; }

    /// <summary>Rows on which the merged model is compared with the adapted one; empty not to.</summary>
    public IReadOnlyList<TokenSequence> Compared { get; init; } = [];

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Merges.</summary>
    /// <exception cref="InputException">The checkpoint or the adapter cannot be used.</exception>
    /// <exception cref="TiebreakException">The folder cannot be written.</exception>
    public async Task<MergeReport> RunAsync(CancellationToken cancellationToken = default)
    {
        TorchRuntime.Start(Threads);
        var stored = await AdapterMerge.RunAsync(Model, Adapter, Out, Type).ConfigureAwait(false);
        return new MergeReport(Out, stored.TorchName())
        {
            Drift = Compared.Count > 0 ? PreferenceDrift.Between(Logits(Model, Adapter), Logits(Out, adapter: null)) : null,
        };

        IReadOnlyList<float[]> Logits(string folder, string? adapter)
        {
            using var model = TransformerModel.Load(folder, adapter: adapter);
            return PreferenceDrift.Logits(model, Compared, cancellationToken);
        }
    }
}

/// <summary>What was merged.</summary>
/// <param name="Out">The folder that was written.</param>
/// <param name="Dtype">The type that was stored.</param>
public sealed record MergeReport(string Out, string Dtype)
{
    /// <summary>The merged model against the adapter at run time, in float32; null where no rows were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreferenceDrift? Drift { get; init; }
}
