namespace Tiebreak.Torch.Kernels;

/// <summary>A line of the processor's caches: a vector of AVX-512 that lies across two takes twice the work.</summary>
internal static unsafe class CacheLine
{
    /// <summary>Bytes of it.</summary>
    public const int Bytes = 64;

    /// <summary>The first line that begins in a room of at least one more than is needed.</summary>
    public static T* Align<T>(T* room)
        where T : unmanaged => (T*)(((nuint)room + Bytes - 1) & ~(nuint)(Bytes - 1));
}
