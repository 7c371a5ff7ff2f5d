using System.Text.Json;
using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>Reads the hub's lists of files.</summary>
internal static partial class HubTree
{
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

    /// <summary>A path of the hub that stays inside its folder.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static string CheckedPath(string path)
    {
        var isSafe = path.Length is > 0 and < 1000 && path.AsSpan().IndexOfAny("\\:\0") < 0 &&
            path.Split('/').All(part => part.Length > 0 && part is not ("." or ".."));
        return isSafe ? path : throw new InputException($"The hub lists a file \"{path}\" that would not lie in the folder it is fetched into. Nothing was fetched.");
    }

    /// <summary>The address of the following page, which stands in the <c>Link</c> header.</summary>
    public static Uri? NextPage(HttpResponseMessage response, Uri address) =>
        response.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(',', links)) is { Success: true } match
            ? new Uri(address, match.Groups["address"].Value)
            : null;

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Size(JsonElement entry) =>
        entry.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : null;

    [GeneratedRegex("<(?<address>[^<>]{1,2000})>;\\s*rel=\"?next", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NextLink();
}
