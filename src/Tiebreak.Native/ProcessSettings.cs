namespace Tiebreak.Native;

/// <summary>
/// Settings that make Tiebreak faster and hold for the whole process. Only the owner of a process may choose them, so executables call
/// <see cref="Apply"/> and libraries never do. Without it everything works, only slower.
/// </summary>
public static class ProcessSettings
{
    // BattleSet.CollectionPauseSwitch of Tiebreak.Data, which does not reference this library.
    private const string CollectionPauses = "Tiebreak.CollectionPauses";

    private static volatile bool _areApplied;

    /// <summary>Whether native libraries may be loaded with settings for the whole process.</summary>
    internal static bool AreApplied => _areApplied;

    /// <summary>
    /// Allows the settings. Call it once, before anything else: <list type="bullet">
    /// <item>Loading battle files puts off garbage collections, which would copy everything and free nothing.</item>
    /// <item>Idle threads of OpenMP sleep instead of spinning (<c>GOMP_SPINCOUNT</c>), unless the user has set that variable.</item>
    /// <item>The C library keeps freed blocks for the next tensor, unless the user has set <c>MALLOC_MMAP_THRESHOLD_</c>.</item>
    /// <item>Trainings keep large tensors apart from the C library's heap, on Linux on x64.</item>
    /// <item>libtorch keeps few products prepared (<c>ONEDNN_PRIMITIVE_CACHE_CAPACITY</c>, <c>LRU_CACHE_CAPACITY</c>), unless the user has
    /// set these.</item>
    /// </list>
    /// It loads no library and takes no time: all but the first happen when a native library is loaded, or a training begins. What was
    /// loaded before stays as it is.
    /// </summary>
    public static void Apply()
    {
        _areApplied = true;
        AppContext.SetSwitch(CollectionPauses, isEnabled: true);
    }
}
