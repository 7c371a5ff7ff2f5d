using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Results;

namespace Tiebreak.Runs;

/// <summary>
/// A prediction in one go, without the folder of a run. It survives what a run survives: a battle that breaks the judge gets the preference
/// of the fallback judge, or the class shares.
/// </summary>
public sealed record DirectPrediction
{
    /// <summary>Where a broken judge could waste more than this many battles' time, a few are tried first.</summary>
    private const int MostWithoutProbes = 100;

    /// <summary>One preference per battle.</summary>
    public required IReadOnlyList<Preference> Preferences { get; init; }

    /// <summary>The probability that neither response is acceptable, where the judge estimates it and did not fail.</summary>
    public IReadOnlyList<double?> NeitherAcceptable { get; init; } = [];

    /// <summary>Why the judge leaves a battle to a person (<see cref="JudgeOutcome.AbstainedBy"/>); null where it does not.</summary>
    internal IReadOnlyList<string?> AbstainedBy { get; init; } = [];

    /// <summary>Battles that broke the judge, in the order of the data.</summary>
    public IReadOnlyList<FailedRow> Failed { get; init; } = [];

    /// <summary>Whether the judge answered for at least four fifths of the battles.</summary>
    public bool IsMostlyJudged => Failed.Count * 5L <= Preferences.Count;

    /// <summary>Judges battles.</summary>
    /// <param name="judge">The judge.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="prior">What a battle gets that breaks the judge: the class shares.</param>
    /// <param name="say">Receives what a person should know while the judge works.</param>
    /// <param name="progress">Receives the number of battles done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="TiebreakException">The judge fails on everything.</exception>
    public static async Task<DirectPrediction> JudgeAsync(
        IJudge judge,
        IReadOnlyList<Battle> battles,
        Preference prior,
        Action<string> say,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        // The caller's judge is not disposed here.
        var isolating = new IsolatingJudge(judge, TokenCost.Of, say);
        if (battles.Count > MostWithoutProbes)
        {
            Battle[] probes = [battles[0], battles[battles.Count / 2], battles[^1]];
            await ThrowIfBrokenAsync(isolating, probes, cancellationToken).ConfigureAwait(false);
        }

        var request = new JudgeRequest { Battles = battles, Progress = progress };
        var outcomes = await isolating.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
        if (outcomes.Length > 0 && Array.TrueForAll(outcomes, outcome => outcome.Failure is not null))
            outcomes[0].Failure!.Throw();
        return new DirectPrediction
        {
            Preferences = Array.ConvertAll(outcomes, outcome => outcome.Failure is null ? outcome.Preference : prior),
            NeitherAcceptable = Array.ConvertAll(outcomes, outcome => outcome.NeitherAcceptable),
            AbstainedBy = Array.ConvertAll(outcomes, outcome => outcome.AbstainedBy),
            Failed = [.. Enumerable.Range(0, outcomes.Length).Where(row => outcomes[row].Failure is not null)
                .Select(row => new FailedRow(row, battles[row].Id, outcomes[row].Failure!.Describe()))],
        };
    }

    /// <summary>The same prediction, in which another judge stands in for the one that failed.</summary>
    /// <param name="fallback">The other judge. Battles that break it too keep the class shares.</param>
    /// <param name="battles">All battles of the prediction.</param>
    /// <param name="say">Receives what a person should know while the judge works.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public async Task<DirectPrediction> WithFallbackAsync(
        IJudge fallback, IReadOnlyList<Battle> battles, Action<string> say, CancellationToken cancellationToken = default)
    {
        var request = new JudgeRequest { Battles = [.. Failed.Select(failed => battles[failed.Row])] };
        var outcomes = await new IsolatingJudge(fallback, TokenCost.Of, say).JudgeAsync(request, cancellationToken).ConfigureAwait(false);
        var (preferences, failed) = (Preferences.ToArray(), Failed.ToArray());
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Failure is { } failure)
                failed[i] = failed[i] with { Reason = $"{failed[i].Reason}; and the fallback judge: {failure.Describe()}" };
            else
                preferences[failed[i].Row] = outcomes[i].Preference;
        }

        return this with { Preferences = preferences, Failed = failed };
    }

    // Before the whole data is halved again and again for a judge that is broken.
    private static async Task ThrowIfBrokenAsync(IsolatingJudge judge, Battle[] probes, CancellationToken cancellationToken)
    {
        var outcomes = await judge.JudgeAsync(new JudgeRequest { Battles = probes }, cancellationToken).ConfigureAwait(false);
        if (Array.TrueForAll(outcomes, outcome => outcome.Failure is not null))
            outcomes[0].Failure!.Throw();
    }
}
