using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Tiebreak.Torch;

/// <summary>
/// A thread of its own for tensors. TorchSharp's dispose scopes belong to a thread, so that a tensor made after an <c>await</c> would be in
/// none; work that is handed to this thread runs in a scope of its own, and what it does not return by value is freed at its end.
/// </summary>
public sealed class TorchWorker : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name, for debuggers.</param>
    /// <exception cref="Core.TiebreakException">libtorch cannot be loaded.</exception>
    public TorchWorker(string name)
    {
        TorchRuntime.Start();
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Runs a piece of work (a batch) in a memory scope, without gradients. Pieces run one after the other, in the order of the calls.
    /// </summary>
    /// <param name="work">Makes tensors and returns plain values; it must not return a tensor, which is freed when it ends.</param>
    /// <param name="cancellationToken">Keeps a piece from starting.</param>
    /// <exception cref="Core.Judging.DeviceMemoryException">Memory does not hold what the piece makes.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken = default)
    {
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(
            () =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    outcome.SetCanceled(cancellationToken);
                    return;
                }

                try
                {
                    outcome.SetResult(InScope(work));
                }
                catch (Exception exception)
                {
                    outcome.SetException(exception);
                }
            },
            CancellationToken.None);
        return outcome.Task;
    }

    /// <summary>Finishes what was handed over and ends the thread.</summary>
    public void Dispose()
    {
        if (_work.IsAddingCompleted)
            return;
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private static T InScope<T>(Func<T> work)
    {
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        try
        {
            return work();
        }
        catch (ExternalException exception) when (DeviceMemory.IsExhausted(exception))
        {
            throw DeviceMemory.Explain(exception);
        }
    }

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }
}
