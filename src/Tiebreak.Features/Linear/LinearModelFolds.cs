using System.Numerics.Tensors;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Linear;

/// <summary>The linear model over the counted features, fitted on everything and without each fold.</summary>
/// <param name="Model">The model of everything.</param>
/// <param name="OutOfFold">What the model that has not seen the battle's fold says about each battle.</param>
internal sealed record LinearModelFolds(LinearModel Model, IReadOnlyList<Preference> OutOfFold)
{
    /// <summary>Fits them, all at once.</summary>
    public static LinearModelFolds Fit(
        LinearOptions options, TrainingJob job, FeatureMatrix counted, FeatureSchema schema, CancellationToken cancellationToken)
    {
        var inputs = LinearInputs.Fit(schema, counted);
        var vectors = VectorsOf(inputs, counted);
        var terms = Math.Max(inputs.Differences, inputs.Count - inputs.Differences);
        var trainer = new PairLinearTrainer(terms, options.L2, options.MaxSteps, isDense: true);
        var folds = LinearFolds.Fit(trainer, job, vectors, "weighing counts", cancellationToken);
        return new LinearModelFolds(
            new LinearModel(inputs, WeightsOf(folds.OfEverything, inputs)),
            [.. vectors.Select((vector, i) => folds.OfFold[job.Folds[i]].Predict(vector))]);
    }

    // Half of a difference stands in A's vector and the same half, negative, in B's: then a weight says who is ahead as it does in the
    // inputs, and what would speak for a tie in both responses is zero for every battle, and stays zero.
    private static BattleVectors[] VectorsOf(LinearInputs inputs, FeatureMatrix counted)
    {
        int[] differences = [.. Enumerable.Range(0, inputs.Differences)];
        int[] others = [.. Enumerable.Range(0, inputs.Count - inputs.Differences)];
        var (vectors, row) = (new BattleVectors[counted.Rows], new float[inputs.Count]);
        for (var i = 0; i < vectors.Length; i++)
        {
            inputs.Fill(counted[i], row);
            var (a, b) = (row[..differences.Length], new float[differences.Length]);
            TensorPrimitives.Multiply(a, 0.5f, a);
            TensorPrimitives.Negate(a, b);
            vectors[i] = new BattleVectors(
                new TermVector(others, row[differences.Length..]), new TermVector(differences, a), new TermVector(differences, b));
        }

        return vectors;
    }

    private static LinearWeights WeightsOf(PairLinearModel model, LinearInputs inputs) => new(
        [
            .. Single(model.Strength[..inputs.Differences]),
            .. Single(model.TieByPrompt[..(inputs.Count - inputs.Differences)]),
            (float)model.TieIntercept,
        ],
        inputs.Differences);

    private static float[] Single(ReadOnlySpan<double> values)
    {
        var result = new float[values.Length];
        TensorPrimitives.ConvertTruncating(values, result);
        return result;
    }
}

/// <summary>The linear model over the counted features, which a feature judge blends with its trees and weighs sources by.</summary>
internal sealed record LinearOptions
{
    /// <summary>Weight of the linear model in the judge's answer, beside the trees (geometric mean); 0 leaves it out.</summary>
    public double Share { get; init; } = 0.4;

    /// <summary>L2 penalty on the weights of features scaled to standard deviation 1, beside the sum of the log losses.</summary>
    public double L2 { get; init; } = 500;

    /// <summary>Most steps of the optimiser.</summary>
    public int MaxSteps { get; init; } = 200;
}
