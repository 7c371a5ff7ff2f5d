using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Budgets;

/// <summary>The file <c>stop.json</c>: until when the workers of a run may work, and what they need to know to end in time.</summary>
/// <param name="Stop">No judge works after this moment.</param>
/// <param name="Workers">How many share the work.</param>
/// <param name="SecondsPerRow">Measured: time that every battle takes.</param>
/// <param name="SecondsPerToken">Measured: time that an estimated token takes.</param>
internal sealed record StopTime(DateTimeOffset Stop, int Workers, double SecondsPerRow, double SecondsPerToken)
{
    public const string FileName = "stop.json";

    /// <summary>The stop time of a run; null for a run without one.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static StopTime? Read(IRunStorage storage)
    {
        if (storage.Read(FileName) is not { } content)
            return null;

        try
        {
            if (JsonSerializer.Deserialize(content, RunJson.Default.StopTime) is { } stop)
                return stop;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new InputException($"{FileName} in the run's folder is damaged. Resume the run, which writes or removes it.");
    }
}
