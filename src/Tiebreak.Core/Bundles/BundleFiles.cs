using System.Security.Cryptography;

namespace Tiebreak.Core.Bundles;

/// <summary>The files of a bundle, vouched for by length and hash in its manifest.</summary>
public static class BundleFiles
{
    /// <summary>Describes every file of a folder.</summary>
    public static IReadOnlyDictionary<string, BundleFile> Describe(string folder) => Directory.EnumerateFiles(folder)
        .Order(StringComparer.Ordinal)
        .ToDictionary(path => Path.GetFileName(path), DescribeOne, StringComparer.Ordinal);

    /// <summary>Checks that every file is there as it was described.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="manifestName">The file that vouches, for messages.</param>
    /// <param name="files">What it says.</param>
    /// <exception cref="InputException">A file is missing, changed, or outside the folder.</exception>
    public static void Verify(string folder, string manifestName, IReadOnlyDictionary<string, BundleFile> files)
    {
        foreach (var (name, file) in files)
            Verify(folder, manifestName, name, file);
    }

    private static void Verify(string folder, string manifestName, string name, BundleFile file)
    {
        if (!string.Equals(Path.GetFileName(name), name, StringComparison.Ordinal) || name is "" or "." or "..")
            throw new InputException($"{Path.Combine(folder, manifestName)} names the file \"{name}\", which lies outside the bundle.");

        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            throw new InputException($"The bundle {folder} is incomplete: {name} is missing. Copy the whole folder, or train it again.");

        var found = DescribeOne(path);
        if (found != file)
        {
            throw new InputException(
                $"The bundle {folder} is damaged: {name} has {found.Bytes} bytes with SHA-256 {found.Sha256[..12]}..., "
                + $"but {manifestName} expects {file.Bytes} bytes with {file.Sha256[..Math.Min(12, file.Sha256.Length)]}.... "
                + "Copy it again, or train it again.");
        }
    }

    private static BundleFile DescribeOne(string path)
    {
        using var stream = File.OpenRead(path);
        return new BundleFile(stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
