using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>What a model is made of, part by part, to write it in another form.</summary>
internal sealed class ModelPlan
{
    /// <param name="files">The model.</param>
    public ModelPlan(ModelFiles files)
    {
        Weights = files.Weights(DType.Float32, CPU);
        var plan = new WeightPlan(Weights.Has, Weights.RowsOf);
        TransformerModel.Create(files.Config, files.HeadKind, plan).Dispose();
        Linears = plan.Linears;

        // The head stays plain, and so do routers: they are small, and a wrong choice of expert costs more than it saves.
        var backbone = new WeightPlan(Weights.Has, Weights.RowsOf);
        var family = ModelFamilies.Of(files.Config);
        TransformerModel.Create(files.Config, HeadKind.None, backbone).Dispose();
        var router = family is DecoderFamily decoders && decoders.Options(files.Config) is { Experts: > 0 } options
            ? options.Names.Router
            : null;
        Quantizable = [.. backbone.Linears.Where(linear => router is null || !linear.Name.EndsWith(router, StringComparison.Ordinal))];
        var inLinears = plan.Linears.SelectMany(linear => (string[])[$"{linear.Name}.weight", $"{linear.Name}.bias"])
            .ToHashSet(StringComparer.Ordinal);
        Others = [.. plan.Asked.Where(tensor => !inLinears.Contains(tensor.Name))
            .DistinctBy(tensor => tensor.Name, StringComparer.Ordinal)];
    }

    /// <summary>The linear layers, in the order in which the model asks for them; the head's are the last.</summary>
    public IReadOnlyList<LinearShape> Linears { get; }

    /// <summary>Those that can be quantised: all of the model but its head.</summary>
    public IReadOnlyList<LinearShape> Quantizable { get; }

    /// <summary>Where weights come from, in float32.</summary>
    public WeightSource Weights { get; }

    /// <summary>Embeddings and norms.</summary>
    public IReadOnlyList<TensorShape> Others { get; }

    /// <summary>A layer with its weights, in float32. It belongs to the caller.</summary>
    public Linear Open(LinearShape linear) => Weights.Linear(linear.Name, linear.Inputs, linear.Outputs, linear.HasBias);

    /// <summary>A tensor in float32.</summary>
    public Tensor Open(TensorShape tensor) => Weights.Tensor(tensor.Name, [.. tensor.Shape]);

    /// <summary>A linear layer as plain tensors.</summary>
    /// <param name="linear">The layer.</param>
    /// <param name="type">The type to store.</param>
    public IEnumerable<PendingTensor> Plain(LinearShape linear, DType type)
    {
        yield return new PendingTensor($"{linear.Name}.weight", type, [linear.Outputs, linear.Inputs], () =>
        {
            using var opened = Open(linear);
            return Rounded(opened.Weight(ScalarType.Float32), type, linear.Name);
        });
        if (linear.HasBias)
            yield return Bias(linear, type, bias => bias.alias());
    }

    /// <summary>A layer's bias, changed.</summary>
    public PendingTensor Bias(
        LinearShape linear, DType type, Func<Tensor, Tensor> change) => new($"{linear.Name}.bias", type, [linear.Outputs], () =>
        {
            using var opened = Open(linear);
            return Rounded(change(opened.Bias!), type, linear.Name);
        });

    /// <summary>An embedding or norm.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="type">The type to store.</param>
    public PendingTensor Plain(TensorShape tensor, DType type) => Changed(tensor, type, values => values.alias());

    /// <summary>An embedding or norm, changed.</summary>
    public PendingTensor Changed(TensorShape tensor, DType type, Func<Tensor, Tensor> change) => new(tensor.Name, type, tensor.Shape, () =>
    {
        using var values = Open(tensor);
        return Rounded(change(values), type, tensor.Name);
    });

    /// <exception cref="TiebreakException">A number is too large for the type.</exception>
    private static Tensor Rounded(Tensor values, DType type, string name)
    {
        var rounded = values.to(type.ToScalarType(), copy: true);
        if (type is DType.Float16 && !rounded.isfinite().all().item<bool>())
        {
            throw new TiebreakException($"{name} holds numbers beyond 65504, which float16 cannot; store bfloat16 or float32 (`dtype`).")
            {
                Parameters = ["dtype"],
            };
        }

        return rounded;
    }
}
