using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Battles as a model reads them, in both orders, with what it is to learn from them.</summary>
internal sealed class TuningExamples
{
    private readonly LabelledBattles _battles;
    private readonly double[] _weights; // 1 in the mean
    private readonly TokenSequence[][] _first;
    private readonly TokenSequence[][] _second;

    private TuningExamples(
        LabelledBattles battles, TokenSequence[][] first, TokenSequence[][] second, Preference[] targets, double[] weights)
    {
        (_battles, _first, _second) = (battles, first, second);
        (Targets, _weights) = (targets, weights);
    }

    /// <summary>What people said, as evaluations compare with it.</summary>
    public IReadOnlyList<Preference> Labels => _battles.Targets;

    /// <summary>What is learned, with A and B as they stand.</summary>
    public IReadOnlyList<Preference> Targets { get; }

    /// <summary>Writes battles with all threads.</summary>
    /// <param name="labelled">The battles.</param>
    /// <param name="sequences">Writes one.</param>
    /// <param name="weights">How much each battle counts, in any unit.</param>
    /// <param name="learnsFromAnnotators">Whether the shares of single votes are the target where a battle has several.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static TuningExamples Of(
        LabelledBattles labelled,
        BattleSequences sequences,
        IReadOnlyList<double> weights,
        bool learnsFromAnnotators,
        int threads,
        CancellationToken cancellationToken)
    {
        var battles = labelled.Battles;
        var (first, second) = (new TokenSequence[battles.Count][], new TokenSequence[battles.Count][]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, battles.Count, options, i =>
        {
            first[i] = sequences.Of(battles[i]);
            second[i] = sequences.Of(battles[i].Swapped());
        });
        Preference[] targets = learnsFromAnnotators
            ? [.. battles.Select((battle, i) => SharesOfVotes(battle) ?? labelled.Targets[i])]
            : [.. labelled.Targets];
        var mean = weights.Average();
        return new TuningExamples(labelled, first, second, targets, [.. weights.Select(weight => weight / mean)]);
    }

    /// <summary>A battle as it is shown in a step.</summary>
    public TuningRow RowOf(Example example)
    {
        var (battle, isSwapped, share) = example;
        return new TuningRow(
            _battles.Battles[battle],
            isSwapped ? _second[battle] : _first[battle],
            isSwapped ? Targets[battle].Swapped() : Targets[battle],
            [.. _battles.Teachers.Select(teacher => isSwapped ? teacher[battle]?.Swapped() : teacher[battle])],
            share * _weights[battle]);
    }

    /// <summary>The shares of A, B and tie among the votes on a battle; null where there are not two that can be read.</summary>
    private static Preference? SharesOfVotes(Battle battle)
    {
        Outcome[] votes = [.. (battle.Annotators ?? []).Select(text => AnnotatorVote.Parse(text, battle)).OfType<AnnotatorVote>()
            .Select(vote => vote.Verdict.ToOutcome())];
        return votes.Length < 2 ? null : new Preference(ShareOf(Outcome.A), ShareOf(Outcome.B), ShareOf(Outcome.Tie));

        double ShareOf(Outcome outcome) => votes.Count(vote => vote == outcome) / (double)votes.Length;
    }
}
