using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Runs.Leases;

namespace Tiebreak.App.Training;

/// <summary>The file of a work folder that says which process works in it.</summary>
internal static class WorkProcess
{
    private const string FileName = "process.json";

    /// <summary>States that this process works in a folder.</summary>
    /// <exception cref="InputException">Another process does, which is alive.</exception>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void Claim(string folder)
    {
        if (Read(folder) is { } owner && owner.Process != Environment.ProcessId && IsAlive(owner))
        {
            throw new InputException(Invariant($"Process {owner.Process} works in {folder} already. Let it finish, or end it first."));
        }

        AtomicFile.WriteText(
            Path.Combine(folder, FileName), JsonSerializer.Serialize(LeaseOwner.OfThisProcess(), InnerJson.Default.LeaseOwner));
    }

    /// <summary>Who works in a folder, or did last; null where nobody has said so.</summary>
    public static LeaseOwner? Read(string folder)
    {
        try
        {
            var path = Path.Combine(folder, FileName);
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), InnerJson.Default.LeaseOwner) : null;
        }
        catch (JsonException)
        {
            return null; // not by Tiebreak
        }
    }

    private static bool IsAlive(LeaseOwner owner) =>
        string.Equals(owner.Session, LeaseOwner.OfThisProcess().Session, StringComparison.Ordinal) && !owner.IsGone();
}
