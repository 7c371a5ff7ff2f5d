using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Planning;

/// <summary>
/// What a model takes in memory and arithmetic, by its configuration and the headers of its files: no weight is read. Where the folder
/// holds no weights yet, they are taken to be plain, in the type that the configuration declares.
/// </summary>
internal sealed record ModelCost
{
    /// <summary>
    /// About what .NET, libtorch, its threads and the buffers of its products take in a process: an estimate from what quantised models
    /// took on Linux (bench/results, packed.md).
    /// </summary>
    public const long ProgramBytes = 400_000_000;

    /// <summary>The family, as transformers spells it.</summary>
    public required string ModelType { get; init; }

    /// <summary>All parameters, embeddings and head included.</summary>
    public required long Parameters { get; init; }

    /// <summary>Parameters of linear layers without the head: what formats of 4 and 8 bits quantise.</summary>
    public required long QuantizableParameters { get; init; }

    /// <summary>Parameters that one token is multiplied with; of experts only those that it passes.</summary>
    public required long ActiveParameters { get; init; }

    /// <summary>Bytes of the weights as they are stored; null: the folder holds none.</summary>
    public required long? StoredBytes { get; init; }

    /// <summary>Bytes that stay in mapped files, which the system can drop and read again.</summary>
    public required long MappedBytes { get; init; }

    /// <summary>Bytes of weights that are converted when they are loaded, and so belong to the process.</summary>
    public required long OwnedBytes { get; init; }

    /// <summary>Bytes of the largest quantised weight while it is dequantised to be computed; 0 where none is quantised.</summary>
    public required long DequantizedBytes { get; init; }

    /// <summary>Bytes of one number while computing.</summary>
    public required int ElementBytes { get; init; }

    /// <summary>The shape of one layer.</summary>
    public required LayerShape Layer { get; init; }

    /// <summary>Bytes of the largest layer's weights that are converted when it is opened.</summary>
    public required long LayerOwnedBytes { get; init; }

    /// <summary>Bytes of the largest layer's weights that stay in mapped files.</summary>
    public required long LayerMappedBytes { get; init; }

    /// <summary>Bytes of the weights of all layers that are converted.</summary>
    public required long LayersOwnedBytes { get; init; }

    /// <summary>Bytes of the table of relative positions as one layer keeps it, projected; 0 where none is kept.</summary>
    public required long LayerPositionBytes { get; init; }

    /// <summary>How many layers there are.</summary>
    public required int Layers { get; init; }

    /// <summary>The longest sequence in tokens; null: any length can be computed.</summary>
    public required int? MaxPositions { get; init; }

    /// <summary>Whether the model's head reads the states of all tokens or their mean, and not one of each sequence.</summary>
    public required bool ReadsAllTokens { get; init; }

    /// <summary>What sequences may share; null: nothing.</summary>
    public required PrefixSharing? Sharing { get; init; }

    /// <summary>Reads the folder's configuration and headers.</summary>
    /// <param name="folder">A folder with <c>config.json</c>, and perhaps weights.</param>
    /// <param name="type">What to compute with.</param>
    /// <param name="compute">What linear layers are computed with.</param>
    /// <exception cref="InputException">
    /// The configuration describes no model that can be computed, or the weights do not fit it.
    /// </exception>
    public static ModelCost Of(string folder, DType type, LinearCompute compute = LinearCompute.Float)
    {
        TorchRuntime.Start();
        var config = ModelConfig.Read(folder);
        if (!Checkpoint.IsIn(folder))
            return new ModelCostCount(config, ModelFiles.HeadKindOf(config), checkpoint: null, quantization: null).Count(type, compute);

        using var files = ModelFiles.Open(folder, adapter: null);
        return new ModelCostCount(files.Config, files.HeadKind, files.Checkpoint, files.Quantization).Count(type, compute);
    }

    /// <summary>The same for a model that is to learn; a head that the files do not hold counts as well.</summary>
    /// <param name="recipe">Model, head and type.</param>
    /// <exception cref="InputException">The weights do not fit the configuration.</exception>
    public static ModelCost Of(JudgeRecipe recipe)
    {
        TorchRuntime.Start();
        var (folder, head) = (recipe.Options.Model!, recipe.LoadedHead);
        if (!Checkpoint.IsIn(folder))
        {
            var config = ModelConfig.Read(folder).WithLabelCount(recipe.Outputs);
            return new ModelCostCount(config, head, checkpoint: null, quantization: null).Count(recipe.Type, recipe.Compute);
        }

        using var files = ModelFiles.OpenForTraining(folder, recipe.Options.Adapter, head, recipe.Outputs);
        return new ModelCostCount(files.Config, head, files.Checkpoint, files.Quantization).Count(recipe.Type, recipe.Compute);
    }

    /// <summary>Bytes of the weights in another format.</summary>
    public long BytesIn(WeightFormat format) => (long)(
        (QuantizableParameters * format.BytesAQuantizedParameter) + ((Parameters - QuantizableParameters) * format.BytesAPlainParameter));

    /// <summary>Floating-point operations of one sequence: two for each parameter and token, and those of attention.</summary>
    /// <param name="tokens">Its length.</param>
    /// <param name="shared">How many of its first tokens are computed with another sequence.</param>
    public double OperationsOf(int tokens, int shared = 0) => (2.0 * ActiveParameters * (tokens - shared))
        + (Layers * (Layer.AttentionOperations(tokens) - Layer.AttentionOperations(shared)));

    /// <summary>
    /// Bytes of intermediate results of a batch, at the layer's widest place: an estimate, with a fifth for the allocator.
    /// </summary>
    /// <param name="tokens">Tokens of the batch.</param>
    /// <param name="longest">Tokens of its longest sequence.</param>
    public long ActivationBytes(int tokens, int longest) => (long)(1.2 * Layer.ActivationBytes(tokens, longest, ElementBytes));

    /// <summary>Bytes of one token's hidden state between two layers.</summary>
    public int StateBytes => Layer.Hidden * ElementBytes;

    /// <summary>
    /// What layer by layer is not backed by a file: the program, what is before and after the layers, two layers, the states of a slice
    /// between layers, and the intermediate results of a batch.
    /// </summary>
    /// <param name="tokens">Tokens of the batch.</param>
    /// <param name="longest">Tokens of its longest sequence.</param>
    /// <param name="sliceTokens">Tokens of all batches that pass a layer before the next one is opened.</param>
    public long LayerMajorBytes(int tokens, int longest, long sliceTokens) => ProgramBytes + (OwnedBytes - LayersOwnedBytes)
        + (2 * (LayerOwnedBytes + LayerPositionBytes)) + DequantizedBytes + (sliceTokens * StateBytes) + ActivationBytes(tokens, longest);

    /// <summary>
    /// Everything at once: the program, weights, the one that is dequantised, what layers keep of positions, and intermediate results.
    /// </summary>
    /// <param name="tokens">Tokens of the batch.</param>
    /// <param name="longest">Tokens of its longest sequence.</param>
    public long TotalBytes(int tokens, int longest) => ProgramBytes + MappedBytes + OwnedBytes + DequantizedBytes
        + (Layers * LayerPositionBytes) + ActivationBytes(tokens, longest);
}
