using System.Security.Cryptography;

namespace Tiebreak.Native;

/// <summary>
/// Lets TorchSharp 0.107.0 run on systems whose libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04). Its libLibTorchSharp.so asks
/// for GLIBCXX_3.4.32 because of one symbol, <c>std::ios_base_library_init()</c>: since GCC 13 a file that includes &lt;iostream&gt; calls
/// it to make sure that the standard streams exist. On an older libstdc++ libc10 and libtorch_cpu, built with an older compiler and loaded
/// before, have seen to that, so that the call has nothing left to do. The repaired copy, kept in the user's cache, asks for a harmless
/// function of the C library in its place.
/// </summary>
internal static class LibTorchSharpRepair
{
    /// <summary>SHA-256 of the one file that is repaired: libLibTorchSharp.so of TorchSharp 0.107.0 for linux-x64.</summary>
    public const string OriginalHash = "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8";

    /// <summary>SHA-256 of the repaired copy.</summary>
    public const string RepairedHash = "663d62098ee8892e2f31e8e3cf6f07dea2d016bc98d349b2312459cb1573934b";

    // Offsets in the one file that has OriginalHash.
    private static readonly (int Offset, byte[] Bytes)[] Edits =
    [
        (92_085, "sched_yield\0"u8.ToArray()), // .dynstr: the name of the symbol, which nothing else uses
        (254_834, [1, 0]),                     // .gnu.version: the symbol asks for no version (VER_NDX_GLOBAL)
        (260_660, [2, 0]),                     // .gnu.version_r: GLIBCXX_3.4.32 may be absent (VER_FLG_WEAK)
    ];

    /// <summary>True if a failed load is the one that the repair mends.</summary>
    internal static bool Mends(string linkerMessage) => linkerMessage.Contains("`GLIBCXX_3.4.32' not found", StringComparison.Ordinal);

    /// <summary>The repaired copy of a file, made if the cache does not hold it yet. Several processes may do this at once.</summary>
    /// <param name="original">libLibTorchSharp.so as its package brings it.</param>
    /// <param name="cache">The folder for the copy; made if it is absent.</param>
    /// <returns>The copy's path; its content has been checked.</returns>
    /// <exception cref="InvalidDataException">The file is not the known one.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache cannot be written.</exception>
    public static string Repair(string original, string cache)
    {
        var target = Path.Combine(cache, $"libLibTorchSharp-{RepairedHash[..16]}.so");
        if (IsRepaired(target))
            return target;

        var content = File.ReadAllBytes(original);
        if (!string.Equals(Hash(content), OriginalHash, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"{original} is not the file of TorchSharp 0.107.0 (its SHA-256 is {Hash(content)}), so it is not repaired");
        }

        foreach (var (offset, bytes) in Edits)
            bytes.CopyTo(content, offset);

        CreatePrivate(cache);
        Write(content, target);
        return IsRepaired(target) ? target : throw new IOException($"{target} does not hold what was written to it");
    }

    private static bool IsRepaired(string path) =>
        File.Exists(path) && string.Equals(Hash(File.ReadAllBytes(path)), RepairedHash, StringComparison.Ordinal);

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    // The copy is code that later processes run: only its owner may write there.
    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Write(byte[] content, string target)
    {
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
