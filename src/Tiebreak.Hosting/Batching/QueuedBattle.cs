using System.Diagnostics;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Hosting.Batching;

/// <summary>A battle that waits for a batch or is being judged.</summary>
/// <param name="request">Whose battle it is.</param>
/// <param name="index">Its place in the request.</param>
internal sealed class QueuedBattle(QueuedRequest request, int index)
{
    public Battle Battle => request.Battles[index];

    public Orders Orders => request.Orders;

    /// <inheritdoc cref="QueuedRequest.Caller"/>
    public ActivityContext? Caller => request.Caller;

    /// <summary>How many battles came before it, which decides between battles that are otherwise alike.</summary>
    public required long Number { get; init; }

    /// <summary>About how many tokens it has.</summary>
    public required long Tokens { get; init; }

    /// <summary>When it came, on the clock of the queue's owner.</summary>
    public required TimeSpan CameAt { get; init; }

    /// <summary>When it goes before shorter ones, on the clock of the queue's owner.</summary>
    public required TimeSpan UrgentAt { get; init; }

    /// <summary>The batch that it is judged in; null while it waits.</summary>
    public RunningBatch? Batch { get; set; }

    public void Complete(JudgeOutcome outcome) => request.Complete(index, outcome);

    public void Fail(Exception exception) => request.Fail(exception);
}
