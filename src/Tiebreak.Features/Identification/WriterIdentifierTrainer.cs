using System.Numerics.Tensors;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Identification;

/// <summary>Trains a <see cref="WriterIdentifier"/> on everything and without each fold.</summary>
/// <param name="options">Vocabulary and smoothing of both kinds of terms.</param>
/// <param name="threads">Threads to use; the result does not depend on it.</param>
public sealed class WriterIdentifierTrainer(IdentificationOptions options, int threads)
{
    private const int TellsShown = 6;

    /// <summary>Trains on responses.</summary>
    /// <param name="responses">The responses with their writers and folds; what answers one prompt shares a fold.</param>
    /// <param name="foldCount">How many folds there are.</param>
    /// <param name="progress">Told the steps that are done; null for nobody.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="InputException">Fewer than two models.</exception>
    public WriterIdentification Train(
        IReadOnlyList<WrittenResponse> responses, int foldCount, IProgress<JobProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var steps = ModelIdentifierTrainer.StepsOf(foldCount);
        StageProgress Steps(int before) => new(progress, "telling models apart", (2 * steps) + 1, before);
        var words = new ModelIdentifierTrainer(options, threads).Train(responses, foldCount, Steps(0), cancellationToken);
        var characters = new ModelIdentifierTrainer(options, threads, TermKind.Characters)
            .Train(responses, foldCount, Steps(steps), cancellationToken);
        var models = words.Identifier.Models;
        var numbers = models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        int[] labels = [.. responses.Select(response => numbers[response.Model])];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        var styles = new float[responses.Count][];
        Parallel.For(0, styles.Length, parallel, i => styles[i] = WritingStyle.Of(responses[i].Text));

        int[] Rows(Predicate<int> isWanted) => [.. Enumerable.Range(0, responses.Count).Where(i => isWanted(i))];
        var styleOfFold = new StyleClassifier[foldCount];
        Parallel.For(
            0,
            foldCount,
            parallel,
            fold => styleOfFold[fold] = StyleClassifier.Fit(styles, labels, models.Count, Rows(i => responses[i].Fold != fold)));
        float[][] styleScores = [.. responses.Select((response, i) => styleOfFold[response.Fold].Scores(styles[i]))];

        IReadOnlyList<IReadOnlyList<float[]>> scores = [words.Scores, characters.Scores, styleScores];
        var priors = words.Identifier.Priors;
        var weightsOfFold = new double[foldCount][];
        Parallel.For(
            0,
            foldCount,
            parallel,
            fold => weightsOfFold[fold] = EvidenceWeights.Fit(scores, labels, priors, Rows(i => responses[i].Fold != fold)));
        double[][] outOfFold =
            [.. responses.Select((response, i) => EvidenceWeights.Combine(
                [words.Scores[i], characters.Scores[i], styleScores[i]],
                words.OfFold[response.Fold].Priors,
                weightsOfFold[response.Fold]))];

        var style = StyleClassifier.Fit(styles, labels, models.Count, Rows(_ => true));
        var identifier = new WriterIdentifier(
            words.Identifier, characters.Identifier, style, EvidenceWeights.Fit(scores, labels, priors, Rows(_ => true)));
        Steps(2 * steps).Report(1);
        return new WriterIdentification(
            identifier, responses, outOfFold, Tells(identifier, responses, labels, words, characters, parallel));
    }

    private static ModelTells[] Tells(
        WriterIdentifier identifier, IReadOnlyList<WrittenResponse> responses, int[] labels, IdentifierTraining words,
        IdentifierTraining characters, ParallelOptions parallel)
    {
        var counts = labels.CountBy(label => label).ToDictionary();
        var (byWord, byRun) = (Evidence(words, identifier.Weights[0]), Evidence(characters, identifier.Weights[1]));
        return [.. identifier.Models.Select((model, m) => new ModelTells(
            model, counts[m], byWord[m], byRun[m],
            [.. WritingStyle.Names.Select((name, k) => (name.Replace('_', ' '), (double)identifier.Style.Typical(m, k)))
                .OrderByDescending(feature => Math.Abs(feature.Item2))
                .ThenBy(feature => feature.Item1, StringComparer.Ordinal).Take(TellsShown)]))];

        // Of each model: the mean evidence of each term over its responses, by the identifiers that had not seen them.
        IReadOnlyList<(string Term, double Nats)>[] Evidence(IdentifierTraining training, double weight)
        {
            var (terms, models) = (training.Identifier.Vocabulary.Terms, identifier.Models.Count);
            var vectors = new TermVector[responses.Count];
            Parallel.For(0, vectors.Length, parallel, i => vectors[i] = training.Identifier.Vocabulary.Vectorise(responses[i].Text));
            var tells = new IReadOnlyList<(string Term, double Nats)>[models];
            var rows = Enumerable.Range(0, responses.Count).ToLookup(i => labels[i]);
            Parallel.For(0, models, parallel, m =>
            {
                var sums = new Dictionary<int, (double Nats, int Responses)>();
                foreach (var i in rows[m])
                {
                    for (var k = 0; k < vectors[i].Indices.Length; k++)
                    {
                        var term = vectors[i].Indices[k];
                        var row = training.OfFold[responses[i].Fold].Weights.Slice(term * models, models);
                        var sum = sums.GetValueOrDefault(term);
                        sums[term] =
                            (sum.Nats + (weight * vectors[i].Values[k] * (row[m] - TensorPrimitives.Average(row))), sum.Responses + 1);
                    }
                }

                tells[m] =
                [
                    .. sums.Where(sum => sum.Value is { Nats: > 0, Responses: > 1 })
                        .Select(sum => (terms[sum.Key], sum.Value.Nats / counts[m]))
                        .OrderByDescending(term => term.Item2).ThenBy(term => term.Item1, StringComparer.Ordinal).Take(TellsShown),
                ];
            });
            return tells;
        }
    }
}
