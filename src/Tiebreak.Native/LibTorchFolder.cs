namespace Tiebreak.Native;

/// <summary>
/// The folder that libtorch is loaded from: the one that the user named, else the one beside the program, else where the runtime looks for
/// the native files of packages.
/// </summary>
public static class LibTorchFolder
{
    /// <summary>The environment variable that names the <c>lib</c> folder of a PyTorch installation.</summary>
    public const string Variable = "TIEBREAK_LIBTORCH";

    /// <summary>The folder beside the program; see build/LibTorch.targets.</summary>
    public const string BundledName = "libtorch";

    private static readonly Lazy<string?> Found = new(Find);

    private static string? _named;

    /// <summary>The library that shows that a folder holds libtorch.</summary>
    public static string MainLibrary { get; } =
        OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    /// <summary>Where libtorch is, or null if it is nowhere; the first look decides for the life of the process.</summary>
    public static string? Path => Found.Value;

    /// <summary>What the user named, in an option or the environment; null if nothing. Other processes of a job must be told.</summary>
    public static string? Named => _named ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null);

    /// <summary>
    /// Names the folder to load from. Call it before anything native is loaded: one process holds one libtorch and one OpenMP.
    /// </summary>
    /// <param name="folder">The <c>lib</c> folder of a PyTorch installation, or the installation itself.</param>
    /// <exception cref="InvalidOperationException">Another folder is in use already.</exception>
    public static void Use(string folder)
    {
        if (Found.IsValueCreated && !string.Equals(Named, folder, StringComparison.Ordinal))
            throw new InvalidOperationException($"libtorch has been looked for before {folder} was named.");
        _named = folder;
    }

    /// <summary>Where the runtime looks for native files of this program: its own folder and those of its packages.</summary>
    internal static IEnumerable<string> NativeFolders()
    {
        var listed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return listed.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Prepend(AppContext.BaseDirectory);
    }

    /// <summary>The sentence for a user without libtorch.</summary>
    internal static string MissingSentence() => Named is { } named
        ? $"{named} holds no {MainLibrary}; name the lib folder of a PyTorch installation (site-packages/torch/lib), "
            + $"for instance in {Variable}"
        : $"no {MainLibrary} in {System.IO.Path.Combine(AppContext.BaseDirectory, BundledName)}; restore and build again, "
            + $"or name the lib folder of a PyTorch installation in {Variable}";

    private static string? Find()
    {
        IEnumerable<string> candidates = Named is { } named
            ? [named, System.IO.Path.Combine(named, "lib")]
            : NativeFolders().Prepend(System.IO.Path.Combine(AppContext.BaseDirectory, BundledName));
        return candidates.FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder, MainLibrary))) is { } found
            ? System.IO.Path.GetFullPath(found)
            : null;
    }
}
