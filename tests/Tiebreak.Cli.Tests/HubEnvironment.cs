namespace Tiebreak.Cli.Tests;

/// <summary>Tests that name a hub in the environment, which belongs to the whole process: one after the other.</summary>
internal static class HubEnvironment
{
    public const string Name = "hub in the environment";
}
