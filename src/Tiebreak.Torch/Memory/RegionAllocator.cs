using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tiebreak.Native;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Torch.Memory;

/// <summary>
/// Takes the place of libtorch's allocator for the CPU (<c>c10::SetCPUAllocator</c>, c10/core/CPUAllocator.h of PyTorch 2.10): large
/// tensors get blocks of a <see cref="TensorRegion"/>, small ones go to libtorch's own as before. An allocator is an object of C++, so that
/// this relies on where its functions and their results lie: it is used with that version only, on Linux on x64, if libtorch's own is the
/// class that is known, and after blocks came and went as they should.
/// </summary>
internal static unsafe class RegionAllocator
{
    // Below it glibc is fast, and what it holds adds up to little.
    private const int SmallestBlock = 64 << 10;

    // The functions of c10::Allocator, behind two destructors.
    private const int AllocateSlot = 2;
    private const int DeleterSlot = 4;
    private const int Slots = 6;

    // A table of functions begins behind two entries that say what it belongs to.
    private const int EntriesBefore = 2;

    private static readonly Lazy<bool> Installation = new(Install);

    private static TensorRegion? _region;
    private static delegate* unmanaged<IntPtr, void> _ownFree; // libtorch's
    private static ulong _device; // the CPU, as libtorch writes it beside an address

    /// <summary>The region; null: there is none yet, or there cannot be one.</summary>
    public static TensorRegion? Region => Installation is { IsValueCreated: true, Value: true } ? _region : null;

    /// <summary>From now on large tensors get a region of their own, if that is possible here.</summary>
    /// <returns>Whether they do.</returns>
    public static bool Use() => Installation.Value;

    private static bool Install()
    {
        TorchRuntime.Start();
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not Architecture.X64
            || LibTorch.State.Version != LibTorch.Expected || LibTorch.State.Folder is not { } folder
            || AddressRange.Reserve(2 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) is not { } addresses)
        {
            return false;
        }

        var library = NativeLibrary.Load(Path.Combine(folder, "libc10.so"));
        if (!NativeLibrary.TryGetExport(library, "_ZN3c1022GetDefaultCPUAllocatorEv", out var getDefault)
            || !NativeLibrary.TryGetExport(library, "_ZN3c1015GetCPUAllocatorEv", out var get)
            || !NativeLibrary.TryGetExport(library, "_ZN3c1015SetCPUAllocatorEPNS_9AllocatorEh", out var set)
            || !NativeLibrary.TryGetExport(library, "_ZTVN3c1019DefaultCPUAllocatorE", out var table))
        {
            return false;
        }

        var own = ((delegate* unmanaged<IntPtr>)get)();
        var functions = (IntPtr*)table + EntriesBefore;
        if (own != ((delegate* unmanaged<IntPtr>)getDefault)() || *(IntPtr**)own != functions || !IsKnown(own, functions))
            return false;
        var allocate = (IntPtr)(delegate* unmanaged<DataPointer*, IntPtr, nuint, DataPointer*>)&Allocate;
        var code = AllocationCode.Write(SmallestBlock, allocate, own, functions[AllocateSlot]);
        if (code == 0)
            return false;

        _region = new TensorRegion(addresses);
        var replace = (delegate* unmanaged<IntPtr, byte, void>)set;
        replace(NewAllocator(functions, code), 0);
        if (IsRight())
            return true;
        replace(own, 0);
        return false;
    }

    // A small block of libtorch's own, looked at before anything is replaced.
    private static bool IsKnown(IntPtr own, IntPtr* functions)
    {
        var allocate = (delegate* unmanaged<DataPointer*, IntPtr, nuint, DataPointer*>)functions[AllocateSlot];
        _ownFree = (delegate* unmanaged<IntPtr, void>)((delegate* unmanaged<IntPtr, IntPtr>)functions[DeleterSlot])(own);
        DataPointer block;
        if (allocate(&block, own, 1) != &block || block.Data == 0 || block.Context != block.Data || block.Deleter != (IntPtr)_ownFree)
            return false;
        _device = block.Device;
        _ownFree(block.Context);
        return true;
    }

    // It lives as long as the process: tensors know the allocator that they came from.
    private static IntPtr NewAllocator(IntPtr* functions, IntPtr allocate)
    {
        var copy = (IntPtr*)NativeMemory.AllocZeroed(EntriesBefore + Slots + 1, (nuint)sizeof(IntPtr));
        Unsafe.CopyBlock(copy, functions - EntriesBefore, (uint)((EntriesBefore + Slots) * sizeof(IntPtr)));
        copy[EntriesBefore + AllocateSlot] = allocate;
        copy[EntriesBefore + DeleterSlot] = (IntPtr)(delegate* unmanaged<IntPtr, IntPtr>)&Deleter;
        var allocator = copy + EntriesBefore + Slots; // nothing but the address of its functions
        *allocator = (IntPtr)(copy + EntriesBefore);
        return (IntPtr)allocator;
    }

    // A large tensor lies in the region and leaves it; a small one does not come there.
    private static bool IsRight()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var large = TorchSharp.torch.ones(SmallestBlock);
        var block = (float*)TensorMemory.Address(large);
        var comes = _region!.Holds((IntPtr)block) && *block == 1;
        large.Dispose();
        var goes = !_region.Holds((IntPtr)block);
        var small = (float*)TensorMemory.Address(TorchSharp.torch.ones(1));
        return comes && goes && !_region.Holds((IntPtr)small) && *small == 1;
    }

    [UnmanagedCallersOnly]
    private static DataPointer* Allocate(DataPointer* result, IntPtr allocator, nuint bytes)
    {
        var block = _region!.Allocate(bytes);
        if (block == 0)
            return null;
        *result = new DataPointer(block, (IntPtr)(delegate* unmanaged<IntPtr, void>)&Free, block, _device);
        return result;
    }

    [UnmanagedCallersOnly]
    private static IntPtr Deleter(IntPtr allocator) => (IntPtr)(delegate* unmanaged<IntPtr, void>)&Free;

    [UnmanagedCallersOnly]
    private static void Free(IntPtr block)
    {
        if (!_region!.Free(block))
            _ownFree(block);
    }

    // c10::DataPtr: an address, the function that frees it with what it is given, and the device. The compiler fills the last to 8 bytes.
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct DataPointer(IntPtr Data, IntPtr Deleter, IntPtr Context, ulong Device);
}
