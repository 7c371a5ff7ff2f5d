using System.Runtime.InteropServices;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Operators;

/// <summary>
/// Calls through libtorch's C interface pass handles, lists and boxed options whose owner changes hands; one that nobody frees shows here
/// as native memory that grows with the calls. Alone in the process while they run, because memory is counted for all of it.
/// </summary>
[Collection(Alone.Name)]
public sealed class OperatorLeakTests
{
    private const int Calls = 10_000;

    private static readonly IntPtr MallInfo2 =
        NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "mallinfo2", out var address)
            ? address
            : IntPtr.Zero;

    public static TheoryData<string> Operators => ["attention", "attention with a mask", "rms norm", "int8 product", "memory"];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Ten_thousand_calls_leave_nothing_behind(string name)
    {
        Assert.SkipUnless(MallInfo2 != IntPtr.Zero, "counts by glibc's mallinfo2");
        TorchRuntime.Start(1);
        Run(name); // caches and thread pools fill

        // Other threads of the runtime allocate now and then; a leak is there in every round, and a leaked block counts at least 32 bytes a
        // call: half of that is none.
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var growth = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = BytesInUse();
            Run(name);
            return BytesInUse() - before;
        });

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(growth < 16 * Calls, $"{name}: native memory grows by {growth} bytes in {Calls} calls");
    }

    private static void Run(string name)
    {
        for (var call = 0; call < Calls; call++)
        {
            // New arguments for each call: a handle that is not freed keeps its tensor.
            using var scope = torch.NewDisposeScope();
            Call(name);
        }
    }

    private static unsafe void Call(string name)
    {
        switch (name)
        {
            case "attention":
                var query = torch.ones(1, 2, 8, 16);
                TensorOperators.ScaledDotProductAttention(query, query, query, causal: true, scale: 0.5);
                break;
            case "attention with a mask":
                var tokens = torch.ones(1, 2, 8, 16);
                TensorOperators.ScaledDotProductAttention(tokens, tokens, tokens, mask: torch.zeros(8, 8));
                break;
            case "rms norm":
                TensorOperators.RmsNorm(torch.ones(4, 64), torch.ones(64), 1e-6);
                break;
            case "int8 product":
                TensorOperators.IntMatMul(torch.ones(32, 64, torch.int8), torch.ones(64, 16, torch.int8));
                break;
            default:
                var values = stackalloc float[4];
                TensorOperators.FromMemory((IntPtr)values, [2, 2], [2, 1], DType.Float32);
                break;
        }
    }

    private static unsafe long BytesInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var state = ((delegate* unmanaged<MallocState>)MallInfo2)();
        return (long)(state.BytesInBlocks + state.BytesInMaps);
    }

    /// <summary>struct mallinfo2 of glibc's malloc.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct MallocState(
        nuint Arena, nuint FreeBlocks, nuint FastBlocks, nuint Maps, nuint BytesInMaps, nuint MostBytes, nuint FastBytes,
        nuint BytesInBlocks, nuint FreeBytes, nuint Releasable);
}
