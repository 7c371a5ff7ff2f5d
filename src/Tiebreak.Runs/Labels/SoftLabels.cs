using System.Runtime.CompilerServices;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs.Labels;

/// <summary>
/// Pseudo-labels: a judge's preferences as the soft labels of a battle file, to train another judge on. A few thousand battles are in
/// memory at a time, whatever the size of the file.
/// </summary>
public sealed class SoftLabels
{
    private const int BatchSize = 4096;
    private const int MostProblems = 100;

    private readonly List<string> _problems = [];

    private SoftLabels()
    {
    }

    /// <summary>Battles that were labelled.</summary>
    public long Labelled { get; private set; }

    /// <summary>Rows that could not be read, or broke the judge, and were left out.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Why, for the first hundred of them.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Labels a file.</summary>
    /// <param name="judge">The judge, with calibration and swap averaging.</param>
    /// <param name="path">The battles, in any format that Tiebreak reads.</param>
    /// <param name="outPath">The Tiebreak JSONL to write; <c>.gz</c> and <c>.zst</c> are compressed.</param>
    /// <param name="options">How to read the battles; the purpose is always to explore.</param>
    /// <param name="say">Receives what a person should know.</param>
    /// <param name="cancellationToken">Stops; nothing is written then.</param>
    /// <exception cref="InputException">The file cannot be read.</exception>
    /// <exception cref="TiebreakException">The labels cannot be written, or the judge fails on a whole batch.</exception>
    public static async Task<SoftLabels> WriteAsync(
        IJudge judge, string path, string outPath, BattleReadOptions options, Action<string> say,
        CancellationToken cancellationToken = default)
    {
        var labels = new SoftLabels();
        var isolating = new IsolatingJudge(judge, TokenCost.Of, say); // the judge is the caller's to dispose
        var rows = BattleReader.Read(path, options with { Purpose = BattlePurpose.Explore }, cancellationToken);
        await Task.Run(
            () => BattleWriter.WriteJsonlAsync(outPath, labels.LabelAsync(isolating, rows, cancellationToken)), cancellationToken)
                .ConfigureAwait(false);
        return labels;
    }

    private async IAsyncEnumerable<Battle> LabelAsync(
        IsolatingJudge judge, IEnumerable<BattleRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in Good(rows).Chunk(BatchSize))
        {
            var outcomes = await judge.JudgeAsync(new JudgeRequest { Battles = batch }, cancellationToken).ConfigureAwait(false);
            if (Array.TrueForAll(outcomes, outcome => outcome.Failure is not null))
            {
                throw new TiebreakException(
                    $"The judge fails on every battle from {batch[0].Id} on: {outcomes[0].Failure!.Describe()}. Nothing is written.");
            }

            for (var i = 0; i < batch.Length; i++)
            {
                if (outcomes[i].Failure is { } failure)
                {
                    LeaveOut($"battle {batch[i].Id} broke the judge: {failure.Describe()}");
                    continue;
                }

                Labelled++;
                yield return batch[i] with { SoftLabel = outcomes[i].Preference };
            }
        }
    }

    private IEnumerable<Battle> Good(IEnumerable<BattleRow> rows)
    {
        foreach (var row in rows)
        {
            if (row is { Battle: { } battle, Problem: null })
                yield return battle;
            else
                LeaveOut($"{row.Problem}");
        }
    }

    private void LeaveOut(string problem)
    {
        LeftOut++;
        if (_problems.Count < MostProblems)
            _problems.Add(problem);
    }
}
