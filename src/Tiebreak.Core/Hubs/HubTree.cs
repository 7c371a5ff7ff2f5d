using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tiebreak.Core.Hubs;

/// <summary>Reads the hub's lists of files.</summary>
internal static partial class HubTree
{
    /// <summary>The files of a page of a tree, or null where it is none.</summary>
    /// <exception cref="InputException">A path would lead out of the folder.</exception>
    public static List<HubFile>? Files(JsonElement page, Func<string, Uri> address)
    {
        if (page.ValueKind != JsonValueKind.Array)
            return null;

        var files = new List<HubFile>();
        foreach (var entry in page.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || Text(entry, "type") is not { } type || Text(entry, "path") is not { } path)
                return null;
            if (type is not "file")
                continue;

            var large = entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : (JsonElement?)null;
            if (Text(large ?? entry, "oid") is not { } hash || Size(large ?? entry) is not { } bytes)
                return null;
            files.Add(new HubFile(CheckedPath(path), address(path), bytes, large is null ? FileHash.GitBlob(hash) : FileHash.Sha256(hash)));
        }

        return files;
    }

    /// <summary>A path of the hub that stays inside its folder.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static string CheckedPath(string path)
    {
        var isSafe = path.Length is > 0 and < 1000 && path.AsSpan().IndexOfAny("\\:\0") < 0 &&
            path.Split('/').All(part => part.Length > 0 && part is not ("." or ".."));
        return isSafe
            ? path
            : throw new InputException(
                $"The hub lists a file \"{path}\" that would not lie in the folder it is fetched into. Nothing was fetched.");
    }

    /// <summary>The address of the following page, which stands in the <c>Link</c> header.</summary>
    public static Uri? NextPage(HttpResponseMessage response, Uri address) =>
        response.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(',', links)) is { Success: true } match
            ? new Uri(address, match.Groups["address"].Value)
            : null;

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Size(JsonElement entry) =>
        entry.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var bytes) && bytes >= 0
            ? bytes
            : null;

    [GeneratedRegex(
        "<(?<address>[^<>]{1,2000})>;\\s*rel=\"?next",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NextLink();
}
