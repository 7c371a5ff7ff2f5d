using System.Runtime.CompilerServices;

namespace Tiebreak.Testing;

/// <summary>
/// Compares a text with the approved one beside the test (<c>Snapshots/NAME.approved.txt</c>). On a difference the new text is written as
/// <c>NAME.received.txt</c>: look at it, and rename it to approve it.
/// </summary>
public static class Snapshot
{
    public static void Match(string received, string name, [CallerFilePath] string testFile = "") =>
        MatchFile(received, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(testFile)!, "Snapshots", $"{name}.approved.txt"));

    /// <summary>Compares with an approved text that lies elsewhere, under a name that ends in <c>.approved.txt</c>.</summary>
    public static void MatchFile(string received, string approvedFile)
    {
        var receivedFile = approvedFile.Replace(".approved.txt", ".received.txt", StringComparison.Ordinal);
        var text = received.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (File.Exists(approvedFile) && string.Equals(File.ReadAllText(approvedFile), text, StringComparison.Ordinal))
        {
            File.Delete(receivedFile);
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(receivedFile)!);
        File.WriteAllText(receivedFile, text);
        Assert.Fail($"The text differs from {approvedFile}. Look at {receivedFile}; rename it to approve it.\n\n{text}");
    }
}
