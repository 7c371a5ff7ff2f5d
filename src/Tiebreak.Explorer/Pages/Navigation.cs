namespace Tiebreak.Explorer.Pages;

/// <summary>The pages that the head of every page leads to.</summary>
/// <param name="Path">The address.</param>
/// <param name="Name">What it is called.</param>
internal sealed record Navigation(string Path, string Name)
{
    public static IReadOnlyList<Navigation> All { get; } =
    [
        new("/", "Overview"), new("/battles", "Battles") { Below = "/battle" }, new("/topics", "Topics"), new("/models", "Models"),
        new("/leaderboard", "Leaderboard"), new("/why", "Why"), new("/judge", "Judge"), new("/compare", "Compare"), new("/runs", "Runs"),
        new("/vote", "Vote"),
    ];

    /// <summary>What the addresses of its pages begin with.</summary>
    private string Below { get; init; } = Path;

    /// <summary>The entry that a page belongs to, or null.</summary>
    public static Navigation? Of(string path) =>
        path is "/" ? All[0] : All.Skip(1).FirstOrDefault(one => path.StartsWith(one.Below, StringComparison.Ordinal));
}
