using System.Diagnostics;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Hosting.Batching;

/// <summary>A request whose battles wait for batches; each may get into another one.</summary>
/// <param name="battles">The battles, one at least.</param>
/// <param name="orders">In which orders of A and B they are judged.</param>
internal sealed class QueuedRequest(IReadOnlyList<Battle> battles, Orders orders)
{
    private readonly JudgeOutcome[] _outcomes = new JudgeOutcome[battles.Count];
    private readonly TaskCompletionSource<JudgeOutcome[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = battles.Count;

    public IReadOnlyList<Battle> Battles => battles;

    public Orders Orders => orders;

    /// <summary>What the caller is doing, for traces; null where nobody listens.</summary>
    public ActivityContext? Caller { get; } = Activity.Current?.Context;

    /// <summary>The outcomes, in the order of the battles.</summary>
    public Task<JudgeOutcome[]> Answer => _completion.Task;

    public void Complete(int index, JudgeOutcome outcome)
    {
        _outcomes[index] = outcome;
        if (Interlocked.Decrement(ref _left) == 0)
            _completion.TrySetResult(_outcomes);
    }

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <returns>False if the answer was there already.</returns>
    public bool Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}
