namespace Tiebreak.Testing;

/// <summary>Where the repository, and the folder of real data beside it, lie on the machine that runs the tests.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file of the shared folder beside the checkout; the test is skipped with a message where it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        var path = System.IO.Path.Combine([Root, "..", "shared", .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"needs shared/{string.Join('/', parts)} beside the checkout, which is not there");
        return System.IO.Path.GetFullPath(path);
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "Tiebreak.slnx")))
                return folder;
        }

        throw new InvalidOperationException("The tests must run from inside the repository.");
    }
}
