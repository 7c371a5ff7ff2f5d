using System.Security.Cryptography;

namespace Tiebreak.Core.Bundles;

/// <summary>
/// The files of a folder and of its subfolders, by names that mean the same on every system: <c>members/0/judge.json</c>.
/// </summary>
internal static class FolderFiles
{
    private const char Separator = '/';

    /// <summary>Describes every file, in the order of their names.</summary>
    /// <exception cref="InputException">The folder holds a link, or a name that other systems cannot have.</exception>
    public static IReadOnlyDictionary<string, BundleFile> Describe(string folder)
    {
        var names = new List<string>();
        Collect(new DirectoryInfo(folder), prefix: "", names);
        return names.Order(StringComparer.Ordinal).ToDictionary(
            name => name, name => Describe(folder, name), StringComparer.Ordinal);
    }

    /// <summary>The file of that name as it is now.</summary>
    public static BundleFile Describe(string folder, string name)
    {
        using var stream = File.OpenRead(Path.Combine(folder, name));
        return new BundleFile(stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>Whether a name stays inside the folder, on every system.</summary>
    public static bool IsInside(string name) =>
        !name.AsSpan().ContainsAny("\\:\0") && name.Split(Separator).All(part => part is not ("" or "." or ".."));

    /// <summary>Whether a file, or a folder on the way to it, is a link: its content may lie anywhere.</summary>
    public static bool IsLinked(string folder, string name)
    {
        var path = folder;
        foreach (var part in name.Split(Separator))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
                return true;
        }

        return false;
    }

    /// <summary>Copies a folder with everything in it; links stay links.</summary>
    public static void Copy(DirectoryInfo source, string target)
    {
        if (source.LinkTarget is { } link)
        {
            Directory.CreateSymbolicLink(target, link);
            return;
        }

        Directory.CreateDirectory(target);
        foreach (var entry in source.EnumerateFileSystemInfos())
        {
            var copy = Path.Combine(target, entry.Name);
            if (entry is DirectoryInfo folder)
                Copy(folder, copy);
            else if (entry.LinkTarget is { } file)
                File.CreateSymbolicLink(copy, file);
            else
                File.Copy(entry.FullName, copy);
        }
    }

    private static void Collect(DirectoryInfo folder, string prefix, List<string> names)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var name = prefix + entry.Name;
            if (entry.LinkTarget is not null || !IsInside(name))
            {
                throw new InputException(
                    $"{entry.FullName} cannot be saved: it is a link, or its name has a character that not every system knows.");
            }

            if (entry is DirectoryInfo subfolder)
                Collect(subfolder, name + Separator, names);
            else
                names.Add(name);
        }
    }
}
