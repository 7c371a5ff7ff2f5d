using System.Runtime.CompilerServices;

namespace Tiebreak.Testing;

/// <summary>
/// Compares a text with the approved one beside the test (<c>Snapshots/NAME.approved.txt</c>). On a difference the new text is written as
/// <c>NAME.received.txt</c>: look at it, and rename it to approve it.
/// </summary>
public static class Snapshot
{
    public static void Match(string received, string name, [CallerFilePath] string testFile = "")
    {
        var folder = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(testFile)!, "Snapshots");
        var approvedFile = System.IO.Path.Combine(folder, $"{name}.approved.txt");
        var receivedFile = System.IO.Path.Combine(folder, $"{name}.received.txt");
        var text = received.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (File.Exists(approvedFile) && string.Equals(File.ReadAllText(approvedFile), text, StringComparison.Ordinal))
        {
            File.Delete(receivedFile);
            return;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(receivedFile, text);
        Assert.Fail($"The output differs from {approvedFile}. Look at {receivedFile}; rename it to approve it.\n\n{text}");
    }
}
