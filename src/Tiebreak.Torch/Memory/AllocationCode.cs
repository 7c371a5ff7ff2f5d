using System.Runtime.InteropServices;

namespace Tiebreak.Torch.Memory;

/// <summary>
/// A function in machine code of x64 (System V's calling convention) that stands for libtorch's <c>allocate</c>: it asks a function of .NET
/// for large blocks, and jumps to libtorch's own for small ones and for those that .NET refuses. A jump leaves nothing on the stack, so
/// that libtorch's exception about a tensor that fits nowhere reaches the code that asked; it could not pass through a frame of .NET.
/// </summary>
internal static unsafe class AllocationCode
{
    // The first three arguments lie in rdi (the result), rsi (the allocator) and rdx (bytes).
    private static ReadOnlySpan<byte> CompareBytesWith => [0x48, 0x81, 0xFA]; // cmp rdx, the next 4 bytes

    private static ReadOnlySpan<byte> GoToOwnIfBelow => [0x72, 24]; // jb, over what asks .NET

    private static ReadOnlySpan<byte> KeepArguments => [0x57, 0x56, 0x52]; // push rdi, rsi, rdx: the stack is at a multiple of 16 again

    private static ReadOnlySpan<byte> LoadFunction => [0x48, 0xB8]; // mov rax, the next 8 bytes

    private static ReadOnlySpan<byte> Call => [0xFF, 0xD0]; // call rax

    private static ReadOnlySpan<byte> RestoreArguments => [0x5A, 0x5E, 0x5F]; // pop rdx, rsi, rdi

    private static ReadOnlySpan<byte> ReturnUnlessNull => [0x48, 0x85, 0xC0, 0x74, 0x01, 0xC3]; // test rax, rax; jz over one byte; ret

    private static ReadOnlySpan<byte> LoadAllocator => [0x48, 0xBE]; // mov rsi, the next 8 bytes

    private static ReadOnlySpan<byte> Jump => [0xFF, 0xE0]; // jmp rax

    /// <summary>Writes it.</summary>
    /// <param name="smallest">Bytes: below it .NET is not asked.</param>
    /// <param name="function">The function of .NET, which takes the same arguments and returns null for what it refuses.</param>
    /// <param name="own">libtorch's allocator.</param>
    /// <param name="ownFunction">Its <c>allocate</c>.</param>
    /// <returns>Its address, for the life of the process; 0: the system allows no new code.</returns>
    public static IntPtr Write(int smallest, IntPtr function, IntPtr own, IntPtr ownFunction)
    {
        byte[] code =
        [
            .. CompareBytesWith, .. BitConverter.GetBytes(smallest), .. GoToOwnIfBelow,
            .. KeepArguments, .. LoadFunction, .. BitConverter.GetBytes(function), .. Call, .. RestoreArguments, .. ReturnUnlessNull,
            .. LoadAllocator, .. BitConverter.GetBytes(own), .. LoadFunction, .. BitConverter.GetBytes(ownFunction), .. Jump,
        ];
        if (AddressRange.Reserve(Environment.SystemPageSize) is not { } page)
            return 0;
        Marshal.Copy(code, 0, page.AddressOf(0), code.Length);
        return page.MakeExecutable() ? page.AddressOf(0) : 0;
    }
}
