using System.Collections.Concurrent;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Hosting.Tests;

/// <summary>
/// A judge that does what a test wants: it waits for a gate, breaks on battles that say so, prefers the longer response and the first side.
/// It takes the place of the kind "priors" in that kind's bundle.
/// </summary>
internal sealed class ScriptedJudge : IJudge, IJudgeFormat
{
    /// <summary>A battle with this response breaks the judge.</summary>
    public const string Poison = "poison";

    /// <summary>The batches that were judged, in their order.</summary>
    public ConcurrentQueue<JudgeRequest> Batches { get; } = new();

    /// <summary>Batches wait for it; open by default.</summary>
    public SemaphoreSlim? Gate { get; init; }

    /// <summary>Batches that were stopped before they were judged.</summary>
    public int Stopped => _stopped;

    /// <summary>Whether somebody has closed the judge.</summary>
    public bool IsDisposed { get; private set; }

    public string Kind => "priors";

    public bool RescoresCheckRows => false;

    /// <summary>Whether it reads each response apart: the score of a response is its length.</summary>
    public bool GivesScores { get; init; }

    /// <summary>The probability that neither response is acceptable, of every battle; null for a judge that does not estimate it.</summary>
    public double? NeitherAcceptable { get; init; }

    public JudgeTraits Traits => GivesScores ? new() { IsSymmetric = true, CompareScores = Compare } : new();

    private int _stopped;

    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        Batches.Enqueue(request);
        try
        {
            if (Gate is not null)
                await Gate.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _stopped);
            throw;
        }

        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return await request.AnswerAsync(
            (battles, _) => Task.FromResult(battles.Select(battle => GivesScores ? Score(battle) : Outcome(battle)).ToArray()),
            isSymmetric: GivesScores);
    }

    private JudgeOutcome Outcome(Battle battle) => JudgeOutcome.Of(Judge(battle)) with { NeitherAcceptable = NeitherAcceptable };

    private static JudgeOutcome Score(Battle battle)
    {
        var (a, b) = (battle.Turns[0].ResponseA!.Length, battle.Turns[0].ResponseB!.Length);
        return JudgeOutcome.Of(Compare(a, b)) with { Scores = (a, b) };
    }

    private static Preference Compare(double a, double b) => Preference.FromScores(a / 20, b / 20, -0.5);

    public static Preference Judge(Battle battle)
    {
        var turn = battle.Turns[0];
        if (turn.ResponseA is Poison || turn.ResponseB is Poison)
            throw new InvalidOperationException("this battle breaks the judge");
        var difference = (turn.ResponseA?.Length ?? 0) - (turn.ResponseB?.Length ?? 0);
        return Preference.FromScores((difference / 20.0) + 0.3, -difference / 20.0, -0.5);
    }

    public static Battle Battle(string id, string a = "a", string b = "bb") => new() { Id = id, Turns = [new Turn("Why?", a, b)] };

    public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default) => Task.FromResult<IJudge>(this);

    public IJudgeTrainer CreateTrainer(Recipe recipe) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
