using System.Collections.Concurrent;

namespace Tiebreak.Tokenization.Processing;

/// <summary>Workspaces that wait for their next call. A workspace that a very long text has blown up is not kept.</summary>
internal sealed class WorkspacePool
{
    private const long MaxFootprint = 64L << 20;

    private readonly ConcurrentBag<Workspace> _idle = [];

    // The bag's own Count stops every thread that uses it.
    private int _count;

    public Workspace Rent()
    {
        if (!_idle.TryTake(out var workspace))
            return new Workspace();
        Interlocked.Decrement(ref _count);
        return workspace;
    }

    public void Return(Workspace workspace)
    {
        if (workspace.Footprint > MaxFootprint)
            return;
        if (Interlocked.Increment(ref _count) <= Environment.ProcessorCount)
            _idle.Add(workspace);
        else
            Interlocked.Decrement(ref _count);
    }
}
