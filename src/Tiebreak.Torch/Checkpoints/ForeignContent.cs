using System.Text;
using Tiebreak.Core;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>Recognises what is often found in the place of weights: pointers of git-LFS, web pages with an error, nothing.</summary>
internal static class ForeignContent
{
    private const int HeadBytes = 512;

    /// <summary>Refuses a file that is not what its name says.</summary>
    /// <exception cref="InputException">The file is empty, a pointer of git-LFS or a web page.</exception>
    public static void Refuse(string path)
    {
        if (Describe(path) is { } problem)
            throw new InputException($"{path} {problem}");
    }

    /// <summary>What a file is in place of weights, with the fix, or null.</summary>
    public static string? Describe(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var head = new byte[HeadBytes];
        var text = Encoding.Latin1.GetString(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)))
            .TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\n', '\r', '\t');
        if (stream.Length == 0)
            return "is empty; download it again.";
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return "is a pointer of git-LFS, not the weights; run `git lfs pull` in its folder, or download it.";
        return text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            ? "is a web page, not the weights; the download was answered with a message (often: sign in and accept the licence)."
            : null;
    }
}
