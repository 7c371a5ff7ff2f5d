using System.Runtime.InteropServices;
using System.Threading.Channels;
using TorchSharp;

namespace Tiebreak.Torch;

/// <summary>
/// A thread of its own for tensors. TorchSharp's dispose scopes belong to a thread, so that a tensor made after an <c>await</c> would be in
/// none; work that is handed to this thread runs in a scope of its own, and what it does not return by value is freed at its end.
/// </summary>
internal sealed class TorchWorker : IDisposable
{
    /// <summary>Pieces that wait; whoever hands over more waits for a free place, without holding a thread.</summary>
    private const int QueueLength = 64;

    private readonly Channel<Piece> _queue = Channel.CreateBounded<Piece>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly string _name;
    private readonly int? _threads;
    private readonly Thread _thread;
    private readonly bool _computesGradients;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name, for debuggers.</param>
    /// <param name="threads">
    /// Threads of one operator, 1 or more, for the work of this worker only; null: as many as libtorch would use.
    /// </param>
    /// <param name="computesGradients">Whether operators record what gradients need: for training.</param>
    /// <exception cref="Core.TiebreakException">libtorch cannot be loaded.</exception>
    public TorchWorker(string name, int? threads = null, bool computesGradients = false)
    {
        if (threads is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(threads));
        TorchRuntime.Start();
        (_threads, _computesGradients) = (threads, computesGradients);
        _name = name;
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs a piece of work (a batch) in a memory scope. Pieces run one after the other, in the order of the calls.</summary>
    /// <param name="work">Makes tensors and returns plain values; it must not return a tensor, which is freed when it ends.</param>
    /// <param name="cancellationToken">
    /// Ends the wait of a piece that has not started, at once; one that has started runs to its end.
    /// </param>
    /// <exception cref="Core.Judging.DeviceMemoryException">Memory does not hold what the piece makes.</exception>
    /// <exception cref="ObjectDisposedException">The thread was told to end before.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken = default)
    {
        var piece = new Piece<T>(work, _computesGradients);
        var cancellation = cancellationToken.UnsafeRegister((waiting, token) => ((Piece<T>)waiting!).Cancel(token), piece);
        await using var closing = cancellation.ConfigureAwait(false);
        try
        {
            await _queue.Writer.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException exception)
        {
            throw new ObjectDisposedException($"The thread \"{_name}\" has ended.", exception);
        }

        return await piece.Outcome.ConfigureAwait(false);
    }

    /// <summary>Finishes what was handed over and ends the thread.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
    }

    private void Work()
    {
        if (_threads is { } threads)
            TorchRuntime.Start(threads);

        // This thread has nothing to do but wait.
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queue.Reader.TryRead(out var piece))
                piece.Run();
        }
    }

    private abstract class Piece
    {
        public abstract void Run();
    }

    private sealed class Piece<T>(Func<T> work, bool computesGradients) : Piece
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isDecided;

        public Task<T> Outcome => _outcome.Task;

        public override void Run()
        {
            if (!Decide())
                return;

            try
            {
                _outcome.SetResult(InScope(work, computesGradients));
            }
            catch (Exception exception)
            {
                _outcome.SetException(exception);
            }
        }

        public void Cancel(CancellationToken cancellationToken)
        {
            if (Decide())
                _outcome.SetCanceled(cancellationToken);
        }

        // Either it starts or it is cancelled: true for whoever comes first.
        private bool Decide() => !Interlocked.Exchange(ref _isDecided, true);
    }

    private static T InScope<T>(Func<T> work, bool computesGradients)
    {
        using var gradients = torch.set_grad_enabled(computesGradients);
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
}
