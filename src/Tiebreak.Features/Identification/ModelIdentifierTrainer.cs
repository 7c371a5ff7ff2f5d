using Tiebreak.Core;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Identification;

/// <summary>Trains a <see cref="ModelIdentifier"/> and says how good it is on responses that it has not seen.</summary>
/// <param name="options">Vocabulary and smoothing.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="kind">What terms are counted. Default: words and pairs of words.</param>
internal sealed class ModelIdentifierTrainer(IdentificationOptions options, int threads, TermKind kind = TermKind.Words)
{
    /// <summary>Steps of a training: the vocabulary, the counts, each fold, and everything.</summary>
    public static int StepsOf(int foldCount) => foldCount + 3;

    /// <summary>Trains on responses.</summary>
    /// <param name="responses">The responses with their writers and their folds; what answers one prompt shares a fold.</param>
    /// <param name="foldCount">How many folds there are.</param>
    /// <param name="progress">Told the steps that are done, of <see cref="StepsOf"/>; null for nobody.</param>
    /// <param name="cancellationToken">Stops between folds.</param>
    /// <exception cref="InputException">Fewer than two models.</exception>
    public IdentifierTraining Train(
        IReadOnlyList<WrittenResponse> responses, int foldCount, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var steps = 0;
        progress?.Report(steps);
        string[] models = [.. responses.Select(response => response.Model).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (models.Length < 2)
        {
            throw new InputException($"Telling models apart needs responses of at least two, but the data names {models.Length}. "
                + "Give battles with model_a and model_b.");
        }

        var numbers = models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        int[] labels = [.. responses.Select(response => numbers[response.Model])];
        var vocabulary = TermVocabulary.Build(
            kind, [.. responses.Select(response => response.Text)],
            new TermOptions { MaxTerms = options.MaxTerms, MinTexts = options.MinTexts }, threads, cancellationToken);
        progress?.Report(++steps);
        var vectors = new TermVector[responses.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, vectors.Length, parallel, i => vectors[i] = vocabulary.Vectorise(responses[i].Text));
        progress?.Report(++steps);

        var ofFold = new ModelIdentifier[foldCount];
        var scores = new float[responses.Count][];
        Parallel.For(0, foldCount, parallel, fold =>
        {
            ofFold[fold] = Fit(vocabulary, models, vectors, labels, i => responses[i].Fold != fold, sharpness: 1);
            for (var i = 0; i < vectors.Length; i++)
            {
                if (responses[i].Fold == fold)
                    scores[i] = ofFold[fold].Scores(vectors[i]);
            }

            progress?.Report(Interlocked.Increment(ref steps));
        });

        var everything = Fit(vocabulary, models, vectors, labels, _ => true, sharpness: 1);
        var sharpness = FitSharpness(scores, labels, everything.Priors);
        progress?.Report(++steps);
        ModelIdentifier Sharpened(ModelIdentifier identifier) =>
            new(vocabulary, models, identifier.Weights.ToArray(), [.. identifier.Priors], sharpness);
        return new IdentifierTraining(Sharpened(everything), [.. ofFold.Select(Sharpened)], scores, labels);
    }

    private ModelIdentifier Fit(
        TermVocabulary vocabulary, string[] models, TermVector[] vectors, int[] labels, Func<int, bool> isIncluded, double sharpness)
    {
        var (terms, count) = (vocabulary.Terms.Count, models.Length);
        var mass = new double[terms * count]; // [terms, models]
        var texts = new double[count];
        for (var i = 0; i < vectors.Length; i++)
        {
            if (!isIncluded(i))
                continue;
            texts[labels[i]]++;
            for (var k = 0; k < vectors[i].Indices.Length; k++)
                mass[(vectors[i].Indices[k] * count) + labels[i]] += vectors[i].Values[k];
        }

        return new ModelIdentifier(
            vocabulary, models, Weigh(mass, terms, count),
            [.. texts.Select(n => Math.Log((n + 1) / (texts.Sum() + count)))], sharpness);
    }

    // ln of how much more of a term a model writes than all others together do.
    private float[] Weigh(double[] mass, int terms, int models)
    {
        var totals = new double[models];
        for (var k = 0; k < mass.Length; k++)
            totals[k % models] += mass[k];

        var all = totals.Sum();
        var weights = new float[mass.Length];
        for (var term = 0; term < terms; term++)
        {
            var ofTerm = 0.0;
            for (var m = 0; m < models; m++)
                ofTerm += mass[(term * models) + m];
            for (var m = 0; m < models; m++)
            {
                var own = (mass[(term * models) + m] + options.Smoothing) / (totals[m] + (options.Smoothing * terms));
                var others = (ofTerm - mass[(term * models) + m] + options.Smoothing) / (all - totals[m] + (options.Smoothing * terms));
                weights[(term * models) + m] = (float)Math.Log(own / others);
            }
        }

        return weights;
    }

    // The sharpness with the lowest log loss on unseen responses. The loss is convex in it: golden-section search finds the minimum.
    private static double FitSharpness(float[][] scores, int[] labels, IReadOnlyList<double> priors)
    {
        var (low, high) = (0.0, 20.0);
        var ratio = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-4)
        {
            var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
            if (Loss(left) < Loss(right))
                high = right;
            else
                low = left;
        }

        return (low + high) / 2;

        double Loss(double sharpness)
        {
            var sum = 0.0;
            for (var i = 0; i < labels.Length; i++)
            {
                var max = double.NegativeInfinity;
                for (var m = 0; m < priors.Count; m++)
                    max = Math.Max(max, (sharpness * scores[i][m]) + priors[m]);
                var total = 0.0;
                for (var m = 0; m < priors.Count; m++)
                    total += Math.Exp((sharpness * scores[i][m]) + priors[m] - max);
                sum += max + Math.Log(total) - (sharpness * scores[i][labels[i]]) - priors[labels[i]];
            }

            return sum;
        }
    }
}
