using Tiebreak.Core.Judging;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>The words of the training battles and their vectors, worked out once for all groups that learn from words.</summary>
/// <param name="kind">What the terms are.</param>
/// <param name="options">Which of them are kept.</param>
internal sealed class SharedTerms(TermKind kind, TermOptions options)
{
    private (TermVocabulary Vocabulary, BattleVectors[] Vectors)? _terms;

    public (TermVocabulary Vocabulary, IReadOnlyList<BattleVectors> Vectors) Get(TrainingJob job, CancellationToken cancellationToken)
    {
        if (_terms is not { } terms)
        {
            string?[] texts = [.. job.Battles.Battles.SelectMany(battle => BattleTexts.Of(battle).All)];
            var vocabulary = TermVocabulary.Build(kind, texts, options, job.Threads, cancellationToken);
            var vectors = new BattleVectors[job.Battles.Count];
            Parallel.For(
                0, vectors.Length, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken }, i =>
                    vectors[i] = new BattleVectors(
                        vocabulary.Vectorise(texts[3 * i]),
                        vocabulary.Vectorise(texts[(3 * i) + 1]),
                        vocabulary.Vectorise(texts[(3 * i) + 2])));
            _terms = terms = (vocabulary, vectors);
        }

        return terms;
    }
}
