using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tiebreak.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native library, in the order that makes TorchSharp find both in the process. It must happen before the
/// first use of TorchSharp: a first load that fails there copies 490 MB into the program's folder and then blames a missing package.
/// </summary>
public static unsafe class LibTorch
{
    /// <summary>The version that TorchSharp 0.107.0 is built for; its C++ interface fits no other.</summary>
    public static readonly Version Expected = new(2, 10);

    // Each needs those before it. The CUDA ones are there in a CUDA build only.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    private static readonly Lazy<LibTorchState> Loading = new(Load);

    /// <summary>Loads the libraries if that has not happened yet, and says how it went.</summary>
    public static LibTorchState State => Loading.Value;

    // oneDNN and ideep keep what they have prepared for the last 1,024 products each, told apart by their sizes: texts of many lengths
    // fill that with half a gigabyte that is hardly used again. A step has fewer than this of one size.
    private static void KeepFewProducts()
    {
        const string products = "64";
        NativeEnvironment.SetUnlessSet("ONEDNN_PRIMITIVE_CACHE_CAPACITY", products);
        NativeEnvironment.SetUnlessSet("LRU_CACHE_CAPACITY", products);
    }

    private static LibTorchState Load()
    {
        var clock = Stopwatch.StartNew();
        if (LibTorchFolder.Path is not { } folder)
            return Failure(null, LibTorchFolder.MissingSentence());
        if (OpenMp.EnsureLoaded() is { IsLoaded: false } openMp)
            return Failure(folder, $"the OpenMP runtime is missing: {openMp.Detail}");

        if (ProcessSettings.AreApplied)
        {
            Allocator.KeepFreedBlocks();
            KeepFewProducts();
        }

        if (LoadTorch(folder, out var version) is { } error)
            return Failure(folder, error);

        var original = LibTorchFolder.NativeFolders().Append(folder)
            .Select(place => Path.Combine(place, FileName("LibTorchSharp"))).FirstOrDefault(File.Exists);
        if (original is null)
        {
            return Failure(
                folder,
                $"{FileName("LibTorchSharp")}, which the package TorchSharp brings, is not beside the program; build or install it again");
        }

        if (LoadTorchSharp(original, out var loaded) is { } wrapperError)
            return Failure(folder, wrapperError);

        var isRepaired = !string.Equals(loaded, original, StringComparison.Ordinal);
        var repair = isRepaired ? $"; TorchSharp's library repaired for this system's older libstdc++, in {loaded}" : "";
        return new LibTorchState
        {
            IsLoaded = true,
            Detail = $"{version} from {folder}{repair}",
            Folder = folder,
            Version = version,
            TorchSharpLibrary = loaded,
            IsRepaired = isRepaired,
            LoadTime = clock.Elapsed,
        };
    }

    private static string? LoadTorch(string folder, out Version? version)
    {
        version = null;
        foreach (var path in Libraries.Select(name => Path.Combine(folder, FileName(name))))
        {
            if (!File.Exists(path) && path.Contains("cuda", StringComparison.Ordinal))
                continue;
            if (!File.Exists(path))
                return $"{path} is missing; restore and build again";
            if (TryLoad(path, out var handle) is { } exception)
                return LoadError.Explain(path, exception);
            if (NativeLibrary.TryGetExport(handle, "aoti_torch_abi_version", out var abi))
                version = Decode(((delegate* unmanaged<ulong>)abi)());
        }

        return version == Expected
            ? null
            : $"{folder} holds libtorch {version?.ToString() ?? "older than 2.9"}; this build needs {Expected}";
    }

    // The version of the stable interface is that of libtorch: a byte for the major part, one for the minor.
    private static Version Decode(ulong abi) => new((int)(abi >> 56), (int)(abi >> 48 & 0xFF));

    private static string? LoadTorchSharp(string original, out string loaded)
    {
        loaded = original;
        var exception = TryLoad(original, out _);
        if (exception is not null && LibTorchSharpRepair.Mends(exception.Message))
        {
            try
            {
                loaded = LibTorchSharpRepair.Repair(original, Path.Combine(CacheFolder.Path, "native"));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                return $"{LoadError.Explain(original, exception)}. Tiebreak's repaired copy could not be made: "
                    + $"{failure.Message.TrimEnd('.')}; XDG_CACHE_HOME can name another folder for it";
            }

            exception = TryLoad(loaded, out _);
        }

        // From here on the linker answers to the library's name with what is loaded, whatever file it came from.
        return exception is null ? null : LoadError.Explain(loaded, exception);
    }

    private static Exception? TryLoad(string path, out IntPtr handle)
    {
        try
        {
            handle = NativeLibrary.Load(path);
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            handle = IntPtr.Zero;
            return exception;
        }
    }

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    private static LibTorchState Failure(string? folder, string detail) => new() { IsLoaded = false, Folder = folder, Detail = detail };
}
