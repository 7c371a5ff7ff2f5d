using Tiebreak.Core.Randomness;

namespace Tiebreak.Transformers.Training;

/// <summary>How the numbers of a new tensor are drawn.</summary>
internal abstract record Initialisation
{
    /// <summary>
    /// How transformers begins a head and PEFT an adapter, which leaves its base as it is until B is no longer zero.
    /// </summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="headDeviation">The standard deviation of linear layers that are trained whole: <c>initializer_range</c>.</param>
    public static Initialisation OfNewTensor(string name, double headDeviation) => name switch
    {
        _ when name.EndsWith(".lora_A.weight", StringComparison.Ordinal) => new KaimingUniform(),
        _ when name.EndsWith(".lora_B.weight", StringComparison.Ordinal) => new Zeros(),
        _ when name.EndsWith("norm.weight", StringComparison.OrdinalIgnoreCase) => new Ones(),
        _ when name.EndsWith(".weight", StringComparison.Ordinal) => new Normal(headDeviation),
        _ => new Zeros(),
    };

    /// <summary>Draws one number.</summary>
    /// <param name="inputs">Size of the tensor's last dimension.</param>
    /// <param name="random">The tensor's own sequence.</param>
    public abstract float Next(long inputs, ref SeededRandom random);

    /// <summary>Every number is 0.</summary>
    public sealed record Zeros : Initialisation
    {
        public override float Next(long inputs, ref SeededRandom random) => 0;
    }

    /// <summary>Every number is 1: a norm that leaves the scale as it is.</summary>
    public sealed record Ones : Initialisation
    {
        public override float Next(long inputs, ref SeededRandom random) => 1;
    }

    /// <summary>
    /// Uniform between -1 / sqrt(inputs) and 1 / sqrt(inputs): Kaiming's bound (https://arxiv.org/abs/1502.01852) with the slope sqrt(5),
    /// as PyTorch and PEFT begin linear layers.
    /// </summary>
    public sealed record KaimingUniform : Initialisation
    {
        public override float Next(long inputs, ref SeededRandom random) => (float)(((2 * random.NextDouble()) - 1) / Math.Sqrt(inputs));
    }

    /// <summary>Normal with mean 0, by Box and Muller.</summary>
    /// <param name="Deviation">The standard deviation.</param>
    public sealed record Normal(double Deviation) : Initialisation
    {
        public override float Next(long inputs, ref SeededRandom random)
        {
            var length = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            return (float)(Deviation * length * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
    }
}
