using System.Buffers;

namespace Tiebreak.Text;

/// <summary>
/// Arrays for the work on one text. Those of usual texts are pooled; those of long ones are left to the collector, because the pool would
/// keep them for every thread that ever had a long text.
/// </summary>
internal static class TextBuffer
{
    /// <summary>Most elements of an array that is pooled; a power of two, as the pool's arrays are.</summary>
    private const int MostPooled = 8192;

    /// <summary>An array with room for so many elements at least; what it holds is chance.</summary>
    public static T[] Rent<T>(int length)
        where T : unmanaged =>
        length <= MostPooled ? ArrayPool<T>.Shared.Rent(length) : GC.AllocateUninitializedArray<T>(length);

    /// <summary>Gives an array back.</summary>
    public static void Return<T>(T[] array)
        where T : unmanaged
    {
        if (array.Length <= MostPooled)
            ArrayPool<T>.Shared.Return(array);
    }
}
