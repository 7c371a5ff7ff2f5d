using Tiebreak.Boosting.TermVectors;
using Tiebreak.Core.Judging;

namespace Tiebreak.Boosting.LearnedGroups;

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
            var battles = job.Battles.Battles;
            var vocabulary = TermVocabulary.Build(kind, battles.SelectMany(battle => BattleTexts.Of(battle).All), options);
            var vectoriser = new TermVectoriser(vocabulary);
            var vectors = new BattleVectors[battles.Count];
            Parallel.For(0, vectors.Length, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken },
                i => vectors[i] = vectoriser.Of(battles[i], []));
            _terms = terms = (vocabulary, vectors);
        }

        return terms;
    }
}
