using System.Runtime.InteropServices;
using Tiebreak.Core;
using Tiebreak.Native;

namespace Tiebreak.Torch.Operators;

/// <summary>
/// The C interface of libtorch, for what TorchSharp does not expose: torch/csrc/inductor/aoti_torch/c/shim.h and torch/csrc/stable/c/shim.h
/// of PyTorch 2.10. It lies in libtorch_cpu on every system and covers all devices, because calls go through the dispatcher.
/// </summary>
internal static unsafe class LibTorchNative
{
    private static readonly Lazy<IntPtr> Library = new(Load);

    /// <summary>
    /// at::Tensor of a raw memory block: data, dimensions, sizes, strides (in elements), offset, dtype, device type, device, result.
    /// </summary>
    public static readonly delegate* unmanaged<void*, long, long*, long*, long, int, int, int, IntPtr*, int> FromBlob =
        (delegate* unmanaged<void*, long, long*, long*, long, int, int, int, IntPtr*, int>)Export("aoti_torch_create_tensor_from_blob");

    /// <summary>A second handle of the same tensor.</summary>
    public static readonly delegate* unmanaged<IntPtr, IntPtr*, int> NewHandle =
        (delegate* unmanaged<IntPtr, IntPtr*, int>)Export("aoti_torch_new_tensor_handle");

    /// <summary>The address of a tensor's first element.</summary>
    public static readonly delegate* unmanaged<IntPtr, void**, int> DataPointer =
        (delegate* unmanaged<IntPtr, void**, int>)Export("aoti_torch_get_data_ptr");

    /// <summary>Frees a handle.</summary>
    public static readonly delegate* unmanaged<IntPtr, int> DeleteHandle =
        (delegate* unmanaged<IntPtr, int>)Export("aoti_torch_delete_tensor_object");

    /// <summary>Calls any operator: name, overload, arguments in order (results take their place).</summary>
    public static readonly delegate* unmanaged<byte*, byte*, ulong*, int> CallDispatcher =
        (delegate* unmanaged<byte*, byte*, ulong*, int>)Export("aoti_torch_call_dispatcher");

    /// <summary>A list argument: capacity, result.</summary>
    public static readonly delegate* unmanaged<nuint, IntPtr*, int> NewList =
        (delegate* unmanaged<nuint, IntPtr*, int>)Export("torch_new_list_reserve_size");

    /// <summary>Appends to a list argument.</summary>
    public static readonly delegate* unmanaged<IntPtr, ulong, int> Append =
        (delegate* unmanaged<IntPtr, ulong, int>)Export("torch_list_push_back");

    /// <exception cref="TiebreakException">libtorch reported an error; it has written the details to standard error.</exception>
    public static void Check(int code, string operation)
    {
        if (code != 0)
            throw new TiebreakException($"libtorch failed in {operation}; its own message is on standard error.");
    }

    /// <summary>A function that not every libtorch has; 0: this one has not.</summary>
    public static IntPtr FindExport(string name) => NativeLibrary.TryGetExport(Library.Value, name, out var address) ? address : 0;

    private static IntPtr Export(string name) => NativeLibrary.GetExport(Library.Value, name);

    private static IntPtr Load()
    {
        var folder = TorchRuntime.Start().Folder ?? throw new InvalidOperationException("libtorch was loaded from no folder.");
        return NativeLibrary.Load(Path.Combine(folder, LibTorchFolder.MainLibrary));
    }
}
