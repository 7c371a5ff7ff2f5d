using System.Text.Json;
using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>Reads what the hub's API answers. Nothing in it is trusted.</summary>
internal static partial class HubTree
{
    /// <summary>The commit that an answer about a revision names, or null if it names none.</summary>
    public static string? Commit(JsonElement about) =>
        about.ValueKind == JsonValueKind.Object &&
        Text(about, "sha") is { Length: > 0 and <= 64 } commit && commit.All(char.IsAsciiHexDigit)
            ? commit
            : null;

    /// <summary>The files of a part of a list, or null if it is no list of files.</summary>
    /// <param name="list">The hub's answer.</param>
    /// <param name="root">The address that the files' paths are relative to, with a slash at the end.</param>
    /// <param name="page">The repository's page.</param>
    /// <exception cref="InputException">A path would lead out of the folder.</exception>
    public static List<HubFile>? Files(JsonElement list, string root, Uri page)
    {
        if (list.ValueKind != JsonValueKind.Array)
            return null;

        var files = new List<HubFile>();
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || Text(entry, "type") is not { } type || Text(entry, "path") is not { } path)
                return null;
            if (type is not "file")
                continue;

            var large = entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : (JsonElement?)null;
            if (Text(large ?? entry, "oid") is not { } digits || Size(large ?? entry) is not { } bytes)
                return null;
            if (FileHash.Parse(large is null ? FileHashAlgorithm.GitBlob : FileHashAlgorithm.Sha256, digits) is not { } hash)
                return null;

            var escaped = string.Join('/', CheckedPath(path).Split('/').Select(Uri.EscapeDataString));
            files.Add(new HubFile(path, new Uri($"{root}{escaped}"), bytes, hash, page));
        }

        return files;
    }

    /// <summary>A path of the hub, checked to stay inside its folder on every system.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static string CheckedPath(string path)
    {
        // Windows drops spaces and full stops at the end of a name, so that ".. " would be "..". Control characters could steer a terminal.
        var isSafe = path.Length is > 0 and < 1000 && !path.Any(character => character is '\\' or ':' || char.IsControl(character)) &&
            path.Split('/').All(name => name.Length > 0 && name[^1] is not ('.' or ' '));
        if (isSafe)
            return path;

        var shown = string.Concat(path.Take(200).Select(character => char.IsControl(character) ? '?' : character));
        throw new InputException(
            $"The hub lists a file \"{shown}\" that would not lie in the folder it is fetched into, or not under this name. " +
            "Nothing was fetched.");
    }

    /// <summary>The address of the following part of the list, which stands in the <c>Link</c> header, or null after the last.</summary>
    public static Uri? NextPage(HttpResponseMessage response, Uri address) =>
        response.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(',', links)) is { Success: true } match &&
        Uri.TryCreate(address, match.Groups["address"].Value, out var next)
            ? next
            : null;

    private static string? Text(JsonElement entry, string name)
    {
        if (!entry.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, which JSON allows and UTF-16 does not.
        }
    }

    private static long? Size(JsonElement entry) =>
        entry.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number &&
        value.TryGetInt64(out var bytes) && bytes >= 0
            ? bytes
            : null;

    [GeneratedRegex(
        "<(?<address>[^<>]{1,2000})>;\\s*rel=\"?next",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NextLink();
}
