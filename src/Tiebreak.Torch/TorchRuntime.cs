using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Native;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Memory;
using TorchSharp;

namespace Tiebreak.Torch;

/// <summary>The door to libtorch: whatever uses a tensor passes it first, so that TorchSharp finds a library that loads.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<LibTorchState> Starting = new(StartNow);

    /// <summary>
    /// Threads that work of this library outside libtorch may use: as many as an operator called by this thread; one a core as long as
    /// libtorch is not in the process.
    /// </summary>
    internal static int Threads =>
        Starting is { IsValueCreated: true, Value.IsLoaded: true } ? torch.get_num_threads() : Environment.ProcessorCount;

    /// <summary>Loads libtorch and sets it up, if that has not happened yet.</summary>
    /// <returns>Which libtorch is in the process.</returns>
    /// <exception cref="TiebreakException">libtorch cannot be loaded; the message has the true cause.</exception>
    public static LibTorchState Start()
    {
        var state = Starting.Value;
        return state.IsLoaded
            ? state
            : throw new TiebreakException($"libtorch cannot be loaded: {state.Detail}. `tiebreak doctor` shows every library.")
            {
                Code = ErrorCodes.NativeLibrary,
            };
    }

    /// <summary>
    /// Like <see cref="Start()"/>, with a number of threads for the operators that the calling thread runs. libtorch also takes the last
    /// number that was set anywhere for threads that have run no operator yet; a <see cref="TorchWorker"/> keeps its own.
    /// </summary>
    /// <param name="threads">Threads of one operator, 1 or more.</param>
    /// <exception cref="TiebreakException">libtorch cannot be loaded; the message has the true cause.</exception>
    public static LibTorchState Start(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var state = Start();
        // A thread's first question takes over the last number that was set anywhere; asked later, it would undo this thread's own.
        _ = torch.get_num_threads();
        torch.set_num_threads(threads);
        return state;
    }

    /// <summary>
    /// Gives freed memory back to the system. Tensors that are freed leave their memory with the process, for the next ones of the same
    /// size (<see cref="Allocator"/>); this is for when the next ones are of other sizes, or there are none: after a layer or a model has
    /// been closed.
    /// </summary>
    public static void ReleaseFreedMemory()
    {
        RegionAllocator.Region?.ReleaseFreedBlocks();
        Allocator.ReleaseFreedBlocks();
    }

    /// <summary>
    /// From now on large tensors on the CPU lie apart from small blocks, where the owner of the process allows it
    /// (<see cref="ProcessSettings"/>) and libtorch is the known one. Trainings need much less memory so.
    /// </summary>
    /// <returns>Whether they do.</returns>
    internal static bool KeepTensorsApart() => ProcessSettings.AreApplied && RegionAllocator.Use();

    /// <summary>
    /// The state of libtorch for people: file, version, repair, threads, instructions and load time, or the true cause of the failure.
    /// </summary>
    public static NativeLibraryState Describe()
    {
        var state = Starting.Value;
        var detail = state.IsLoaded
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{state.Detail}; {Cpu.Capability}, attention in {(BFloat16Attention.IsSupported ? "bfloat16" : "float32")}, "
                    + $"{torch.get_num_threads()} threads, loaded in {state.LoadTime.TotalMilliseconds:F0} ms")
            : state.Detail;
        return new NativeLibraryState("libtorch", state.IsLoaded, state.TorchSharpLibrary, detail);
    }

    private static LibTorchState StartNow()
    {
        var state = LibTorch.State;
        if (state.IsLoaded)
            torch.InitializeDeviceType(DeviceType.CPU);
        return state;
    }
}
