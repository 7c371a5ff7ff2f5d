using System.Collections.Concurrent;

namespace Tiebreak.Tokenization.Processing;

/// <summary>Workspaces that wait for their next call. A workspace that a very long text has blown up is not kept.</summary>
internal sealed class WorkspacePool
{
    private const long MaxFootprint = 64L << 20;

    private readonly ConcurrentBag<Workspace> _idle = [];

    public Workspace Rent() => _idle.TryTake(out var workspace) ? workspace : new Workspace();

    public void Return(Workspace workspace)
    {
        if (workspace.Footprint <= MaxFootprint && _idle.Count < Environment.ProcessorCount)
            _idle.Add(workspace);
    }
}
