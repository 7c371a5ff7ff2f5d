using System.Runtime.InteropServices;

namespace Tiebreak.Torch.Memory;

/// <summary>
/// Addresses of Linux that are reserved for the life of the process. They take memory where they have been written to, until they are
/// cleared.
/// </summary>
internal sealed partial class AddressRange
{
    // sys/mman.h of Linux on x64.
    private const int ReadAndWrite = 1 | 2;
    private const int ReadAndRun = 1 | 4;
    private const int PrivateAnonymousWithoutReserve = 0x02 | 0x20 | 0x4000;
    private const int Discard = 4;

    private readonly IntPtr _start;

    private AddressRange(IntPtr start, long length) => (_start, Length) = (start, length);

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Reserves addresses.</summary>
    /// <param name="length">Bytes.</param>
    /// <returns>Null: the system refuses so many, as it does under <c>ulimit -v</c>.</returns>
    public static AddressRange? Reserve(long length)
    {
        var start = Map(0, (nuint)length, ReadAndWrite, PrivateAnonymousWithoutReserve, file: -1, offset: 0);
        return start == -1 ? null : new AddressRange(start, length);
    }

    /// <summary>The address of a byte.</summary>
    public IntPtr AddressOf(long place) => _start + (nint)place;

    /// <summary>The byte at an address; null: it lies elsewhere.</summary>
    public long? PlaceOf(IntPtr address)
    {
        var place = (long)address - _start;
        return place >= 0 && place < Length ? place : null;
    }

    /// <summary>Gives the memory of whole pages back to the system; they read as zeros again.</summary>
    public void Clear(long start, long length)
    {
        var page = Environment.SystemPageSize;
        var first = (start + page - 1) / page * page;
        var end = (start + length) / page * page;
        if (end > first)
            _ = Advise(AddressOf(first), (nuint)(end - first), Discard);
    }

    /// <summary>From now on all of it can be run, and no longer written.</summary>
    /// <returns>False: the system refuses that.</returns>
    public bool MakeExecutable() => Protect(_start, (nuint)Length, ReadAndRun) == 0;

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial IntPtr Map(IntPtr address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(IntPtr address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(IntPtr address, nuint length, int protection);
}
