using System.Runtime.InteropServices;

namespace Tiebreak.Native;

/// <summary>
/// The GNU OpenMP runtime, which LightGBM and libtorch need on Linux and slim systems lack. It is loaded from libtorch's folder, which
/// executables of Tiebreak bring (see build/LibTorch.targets) and users may name (<see cref="LibTorchFolder"/>). Its own name is
/// libgomp.so.1, so that once it is loaded every library that asks for that name gets it, and one process never holds two OpenMP thread
/// pools.
/// </summary>
internal static class OpenMp
{
    private const string SystemName = "libgomp.so.1";

    private static readonly Lazy<NativeLibraryState> Loading = new(Load);

    private static readonly Lazy<IntPtr> SetThreadsFunction = new(FindSetThreads);

    /// <summary>Whether <see cref="SetThreads"/> can be called here.</summary>
    public static bool HasSetThreads => SetThreadsFunction.Value != 0;

    /// <summary>Loads the runtime if this system needs one; later calls return what the first found.</summary>
    public static NativeLibraryState EnsureLoaded() => Loading.Value;

    /// <summary>
    /// Says how many threads an operator may use that the calling thread starts; other threads keep theirs. On Linux, once the runtime is
    /// loaded.
    /// </summary>
    public static unsafe void SetThreads(int threads) => ((delegate* unmanaged<int, void>)SetThreadsFunction.Value)(threads);

    private static IntPtr FindSetThreads() =>
        Loading.Value.IsLoaded && OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad(Loading.Value.Path ?? SystemName, out var library)
        && NativeLibrary.TryGetExport(library, "omp_set_num_threads", out var address) ? address : 0;

    private static NativeLibraryState Load()
    {
        const string name = "OpenMP runtime";
        if (!OperatingSystem.IsLinux())
            return new NativeLibraryState(name, IsLoaded: true, Path: null, "comes with the libraries that use it on this system");

        // Idle workers should sleep, not spin: on a busy machine spinning made training five times slower (measured on two cores).
        // The runtime reads this once, when it is loaded; what the user has set stays.
        if (ProcessSettings.AreApplied)
            NativeEnvironment.SetUnlessSet("GOMP_SPINCOUNT", "1000");

        // libtorch asks for its file by a name of its own: any other file would be a second runtime.
        var bundled = LibTorchFolder.Path is { } folder
            ? Directory.EnumerateFiles(folder, "libgomp*.so*").Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        if (bundled is not null && NativeLibrary.TryLoad(bundled, out _))
        {
            return new NativeLibraryState(
                name,
                IsLoaded: true,
                bundled,
                LibTorchFolder.Named is null ? "brought by Tiebreak" : $"of libtorch in {LibTorchFolder.Named}");
        }

        if (NativeLibrary.TryLoad(SystemName, out _))
            return new NativeLibraryState(name, IsLoaded: true, Path: null, "the system's");

        return new NativeLibraryState(
            name, IsLoaded: false, Path: null,
            $"neither libtorch's folder ({LibTorchFolder.Path ?? "missing"}) nor the system has a {SystemName} that loads; "
                + "install it (Debian, Ubuntu: apt-get install libgomp1)");
    }
}
