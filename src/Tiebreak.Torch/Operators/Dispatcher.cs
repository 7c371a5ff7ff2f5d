using System.Runtime.InteropServices;
using TorchSharp;

namespace Tiebreak.Torch.Operators;

/// <summary>
/// A call of an operator of libtorch by its name, through the dispatcher, so that devices and gradients work as for any other operator.
/// Arguments are those of the operator's schema (native_functions.yaml), in order and all of them.
/// </summary>
internal unsafe ref struct Dispatcher
{
    private readonly Span<ulong> _stack;
    private int _count;

    /// <summary>Starts a call.</summary>
    /// <param name="stack">Room for all arguments, and for at least one result.</param>
    public Dispatcher(Span<ulong> stack) => _stack = stack;

    /// <summary>Adds a tensor, which stays the caller's.</summary>
    public void Add(torch.Tensor tensor) => _stack[_count++] = NewHandle(tensor);

    /// <summary>Adds a <c>Tensor?</c>.</summary>
    public void AddOptional(torch.Tensor? tensor) => _stack[_count++] = tensor is null ? 0 : Box(NewHandle(tensor));

    /// <summary>Adds a <c>float</c>, which is a double in schemas.</summary>
    public void Add(double value) => _stack[_count++] = BitConverter.DoubleToUInt64Bits(value);

    /// <summary>Adds a <c>float?</c>.</summary>
    public void AddOptional(double? value) => _stack[_count++] = value is { } number ? Box(BitConverter.DoubleToUInt64Bits(number)) : 0;

    /// <summary>Adds a <c>bool</c>.</summary>
    public void Add(bool value) => _stack[_count++] = value ? 1ul : 0ul;

    /// <summary>Adds an <c>int[]</c> or <c>SymInt[]</c>.</summary>
    public void Add(ReadOnlySpan<long> values) => _stack[_count++] = NewList(values);

    /// <summary>Adds an <c>int[]?</c> that is there.</summary>
    public void AddOptional(ReadOnlySpan<long> values) => _stack[_count++] = Box(NewList(values));

    /// <summary>Makes the call; the arguments' handles are freed by libtorch.</summary>
    /// <param name="name">The operator, with a final zero byte.</param>
    /// <returns>The single tensor that the operator returns, in the caller's dispose scope.</returns>
    /// <exception cref="Core.TiebreakException">The operator failed.</exception>
    public readonly torch.Tensor Call(ReadOnlySpan<byte> name)
    {
        fixed (byte* operation = name)
        fixed (byte* overload = "\0"u8)
        fixed (ulong* stack = _stack)
            LibTorchNative.Check(LibTorchNative.CallDispatcher(operation, overload, stack), Marshal.PtrToStringUTF8((IntPtr)operation)!);
        return torch.Tensor.UnsafeCreateTensor((IntPtr)_stack[0]);
    }

    private static ulong NewHandle(torch.Tensor tensor)
    {
        IntPtr handle;
        LibTorchNative.Check(LibTorchNative.NewHandle(tensor.Handle, &handle), "a tensor argument");
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    private static ulong NewList(ReadOnlySpan<long> values)
    {
        IntPtr list;
        LibTorchNative.Check(LibTorchNative.NewList((nuint)values.Length, &list), "a list argument");
        foreach (var value in values)
            LibTorchNative.Check(LibTorchNative.Append(list, (ulong)value), "a list argument");
        return (ulong)list;
    }

    // A value that is there is a pointer to it, which libtorch frees with the operator delete of C++: free() in the C++ libraries it runs
    // on.
    private static ulong Box(ulong value)
    {
        var box = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *box = value;
        return (ulong)box;
    }
}
