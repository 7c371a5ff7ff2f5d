using System.Collections.Concurrent;
using Tiebreak.App;
using Tiebreak.Core.Judging;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Work;

/// <summary>
/// Documents that take longer than a page may: each is worked out once, in the background, when it is first asked for. One is worked on at
/// a time, so that pages stay fast.
/// </summary>
/// <param name="context">What jobs run with.</param>
internal sealed class BackgroundWork(JobContext context) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<WorkItem>> _items = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _closing = new();

    /// <summary>The document of a name, as far as it is.</summary>
    /// <param name="name">Names the document and what it is made of.</param>
    /// <param name="run">Works it out.</param>
    public WorkItem Get(string name, Func<JobContext, CancellationToken, Task<IDocument>> run) =>
        _items.GetOrAdd(name, _ => new Lazy<WorkItem>(() => Start(run))).Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        foreach (var item in _items.Values)
            await ((Task)item.Value.Document).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
        _turn.Dispose();
    }

    private WorkItem Start(Func<JobContext, CancellationToken, Task<IDocument>> run)
    {
        var item = new WorkItem();
        item.Document = Task.Run(async () =>
        {
            await _turn.WaitAsync(_closing.Token).ConfigureAwait(false);
            try
            {
                return await run(context with { Progress = item, OnWarning = item.Remarks.Enqueue }, _closing.Token).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        });
        return item;
    }
}

/// <summary>A document that is being worked out.</summary>
internal sealed class WorkItem : IProgress<JobProgress>
{
    /// <summary>The document, when it is there.</summary>
    public Task<IDocument> Document { get; set; } = null!;

    /// <summary>What a reader should know about the input.</summary>
    public ConcurrentQueue<string> Remarks { get; } = [];

    /// <summary>What is being done now; null before it begins.</summary>
    public JobProgress? Last { get; private set; }

    /// <inheritdoc/>
    public void Report(JobProgress value) => Last = value;
}
