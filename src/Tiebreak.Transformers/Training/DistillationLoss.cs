using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// Learning from what other judges said (knowledge distillation, https://arxiv.org/abs/1503.02531): the divergence of the student from
/// each teacher at a temperature, and the angle between their logits.
/// </summary>
/// <param name="options">How much of what.</param>
internal sealed class DistillationLoss(DistillationOptions options)
{
    private const double LeastProbability = 1e-6; // a teacher that is certain has no logits
    private const double LeastLength = 1e-3; // of logits that all are the same, which have no direction

    /// <summary>Mixes the loss against people's votes with that against teachers; a battle without teacher keeps its loss.</summary>
    /// <param name="loss">[battles]: against people's votes.</param>
    /// <param name="logarithms">[battles, 3]: the student's log probabilities.</param>
    /// <param name="teachers">[battles, teachers, 3]: probabilities, NaN where a teacher said nothing.</param>
    /// <returns>[battles].</returns>
    public Tensor Mix(Tensor loss, Tensor logarithms, Tensor teachers)
    {
        using var scope = NewDisposeScope();
        var spoke = teachers.isnan().any(dim: 2).logical_not().to(logarithms.dtype); // [battles, teachers]
        var weights = spoke.mul(WeightsOf(teachers));
        weights = weights.div(weights.sum(dim: 1, keepdim: true).ClampMin(float.Epsilon)); // 0 where nobody spoke
        var isTaught = spoke.amax([1]); // [battles]

        var ofTeachers = teachers.nan_to_num(nan: 1.0 / 3).ClampMin(LeastProbability).log();
        var ofStudent = logarithms.unsqueeze(1); // [battles, 1, 3]
        var terms = Divergence(ofTeachers, ofStudent).Multiply(options.Share);
        if (options.Cosine > 0)
            terms = terms.Add(Angle(ofTeachers, ofStudent).Multiply(options.Cosine));
        return loss.mul(isTaught.Multiply(-options.Share).Add(1)).Add(terms.mul(weights).sum(dim: 1)).MoveToOuterDisposeScope();
    }

    private Tensor WeightsOf(Tensor teachers)
    {
        var count = (int)teachers.shape[1];
        IReadOnlyList<double> weights = options.Weights ?? [.. Enumerable.Repeat(1.0, count)];
        return tensor([.. weights.Select(weight => (float)weight)], device: teachers.device);
    }

    // Times the square of the temperature, so that gradients keep their size.
    private Tensor Divergence(Tensor ofTeachers, Tensor ofStudent)
    {
        var (teacher, student) = (Softened(ofTeachers), Softened(ofStudent));
        return teacher.exp().mul(teacher.sub(student)).sum(dim: 2).Multiply(options.Temperature * options.Temperature);

        Tensor Softened(Tensor values) => values.Divide(options.Temperature).log_softmax(2);
    }

    // Logits are known up to a number that is added to all three; those with the mean 0 are compared.
    private static Tensor Angle(Tensor ofTeachers, Tensor ofStudent) =>
        nn.functional.cosine_similarity(Centred(ofTeachers), Centred(ofStudent), dim: 2, eps: LeastLength).neg().Add(1);

    private static Tensor Centred(Tensor values) => values.sub(values.mean([2], keepdim: true));
}

/// <summary>What is learned from the preferences of other judges.</summary>
internal sealed record DistillationOptions
{
    /// <summary>The share of the loss that is the divergence from the teachers, 0 to 1; the rest is against people's votes.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>How much each teacher counts, in the order in which they are given; null: all the same.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>What logits are divided by before the student is compared with a teacher.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>How much 1 - cos of the angle between the student's and the teachers' logits counts beside; 0: not at all.</summary>
    public double Cosine { get; init; }
}
