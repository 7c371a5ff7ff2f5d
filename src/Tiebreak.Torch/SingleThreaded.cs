using System.Runtime.ExceptionServices;
using Tiebreak.Native;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch;

/// <summary>
/// Pieces of work beside each other, each on one thread from its first operator to its last. Where an operator takes all threads, each one
/// ends with a wait for the slowest; pieces wait once, at the end, and what they hand from operator to operator stays in a core's cache.
/// </summary>
internal static unsafe class SingleThreaded
{
    // MKL, which multiplies in float32, has a number of threads of its own; 0: not part of this libtorch.
    private static readonly Lazy<IntPtr> SetThreadsOfMkl = new(() => LibTorchNative.FindExport("MKL_Set_Num_Threads_Local"));

    /// <summary>Whether there is more than one thread, and a way to give an operator fewer.</summary>
    public static bool IsPossible => OpenMp.HasSetThreads && torch.get_num_threads() > 1;

    /// <summary>Runs all pieces, as many at a time as libtorch uses threads here.</summary>
    /// <param name="count">How many.</param>
    /// <param name="work">Gets the number of a piece; runs in inference mode and in a dispose scope of its own.</param>
    public static void Run(int count, Action<int> work)
    {
        try
        {
            _ = Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = torch.get_num_threads() }, piece =>
            {
                var threads = torch.get_num_threads(); // of this thread, which libtorch may see for the first time
                OpenMp.SetThreads(1);
                var ofMkl = SetMkl(1);
                try
                {
                    using var mode = torch.inference_mode();
                    using var scope = torch.NewDisposeScope();
                    work(piece);
                }
                finally
                {
                    OpenMp.SetThreads(threads);
                    _ = SetMkl(ofMkl);
                }
            });
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    private static int SetMkl(int threads) =>
        SetThreadsOfMkl.Value == 0 ? 0 : ((delegate* unmanaged<int, int>)SetThreadsOfMkl.Value)(threads);
}
