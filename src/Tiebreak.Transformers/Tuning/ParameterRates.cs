using System.Globalization;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Training;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Which parameter learns how fast: the head, layers by their depth, the second matrices of adapters.</summary>
/// <param name="options">The rates.</param>
/// <param name="headModules">The modules of the head, by name.</param>
/// <param name="layerCount">Layers of the model.</param>
internal sealed class ParameterRates(TuningOptions options, IReadOnlyList<string> headModules, int layerCount)
{
    /// <summary>The layers that learn, from 0; null: all.</summary>
    public IReadOnlyList<int>? Layers { get; } = options.Layers is null
        ? null
        : [.. options.Layers.Select(layer => layer < 0 ? layer + layerCount : layer).Distinct().Order()];

    /// <summary>Whether a tensor of the model learns where all weights may.</summary>
    /// <param name="name">Its name.</param>
    public bool Learns(string name) => Layers is null || IsOfHead(name) || IsOfTokens(name)
        || (LayerOf(name) is { } layer && Layers.Contains(layer));

    /// <summary>Whether a parameter belongs to the head.</summary>
    /// <param name="name">Its name, in the model or in an adapter's file.</param>
    public bool IsOfHead(string name) => headModules.Any(module => PeftPattern.IsLastPart(name[..name.LastIndexOf('.')], module));

    /// <summary>The parameters by their rate and weight decay. Biases and norms have no decay.</summary>
    public IReadOnlyList<ParameterGroup> GroupsOf(ParameterSet parameters) =>
    [
        .. parameters.Tensors.GroupBy(parameter => (Rate: Of(parameter.Key), Decay: DecayOf(parameter.Value)))
            .Select(group => new ParameterGroup([.. group.Select(parameter => parameter.Value)], group.Key.Rate, group.Key.Decay)),
    ];

    /// <summary>The rate of a parameter at its height.</summary>
    public double Of(string name)
    {
        if (IsOfHead(name))
            return options.HeadLearningRate ?? options.LearningRate;
        if (IsOfTokens(name))
            return options.LearningRate; // they have more to learn than the embedding, which layer_decay slows down most
        var below = LayerOf(name) is { } layer ? layerCount - 1 - layer : IsOfEmbedding(name) ? layerCount : 0;
        var ratio = name.EndsWith(".lora_B.weight", StringComparison.Ordinal) ? options.Lora.BRatio : 1;
        return options.LearningRate * Math.Pow(options.LayerDecay, below) * ratio;
    }

    private double DecayOf(Tensor parameter) => parameter.dim() > 1 ? options.WeightDecay : 0;

    private static bool IsOfTokens(string name) => name.EndsWith(Adapter.TokenRowsName, StringComparison.Ordinal);

    // The first number in a name is that of the layer, in every family.
    private static int? LayerOf(string name)
    {
        foreach (var part in name.Split('.'))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var layer))
                return layer;
        }

        return null;
    }

    /// <summary>Whether a parameter belongs to the embeddings, by its name.</summary>
    public static bool IsOfEmbedding(string name) => name.Contains("embed", StringComparison.Ordinal);
}
