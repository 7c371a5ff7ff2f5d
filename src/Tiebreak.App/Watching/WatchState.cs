using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Drift;
using Tiebreak.Core.Files;

namespace Tiebreak.App.Watching;

/// <summary>Everything that a watch keeps from day to day: a JSON file of about 60 kB, and 11 bytes more for each vote.</summary>
internal sealed record WatchState
{
    private const int Format = 3;
    private const int OldestFormat = 1; // 1 is without overconfidence, 2 without deadlines; written as they were read
    private const long MaxBytes = 256 << 20;

    /// <summary>The version of this layout.</summary>
    public int FormatVersion { get; init; } = Format;

    /// <summary>The hash of the judge's manifest: another judge has other losses.</summary>
    public required string Judge { get; init; }

    /// <summary>The hash of the file of reference; null where the bundle's validation is the reference.</summary>
    public string? ReferenceFile { get; init; }

    /// <summary>How it was when all was well.</summary>
    public required DriftReference Reference { get; init; }

    /// <summary>Where the processes stand; null before the first vote.</summary>
    public DriftState? Drift { get; init; }

    /// <summary>Of battles as they usually are, how many belong to each slice.</summary>
    public IReadOnlyDictionary<string, int> ReferenceSlices { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many battles that counts.</summary>
    public int ReferenceBattles { get; init; }

    /// <summary>The last votes, oldest first.</summary>
    public IReadOnlyList<WatchedVote> Recent { get; init; } = [];

    /// <summary>Keys of the ids of all votes (64 bits each, little-endian, ascending), in base64.</summary>
    public byte[] Seen { get; init; } = [];

    /// <summary>How many votes were taken in.</summary>
    [JsonIgnore]
    public int Votes => Seen.Length / sizeof(ulong);

    private bool IsPossible => Reference is { IsPossible: true } && Drift is null or { IsPossible: true }
        && (Drift is null || (Drift.Overconfidence is null) == (Reference.Overconfidence is null))
        && Seen.Length % sizeof(ulong) == 0
        && ReferenceBattles >= 0 && Recent.Count <= Watch.RecentVotes && Recent.All(vote => vote is { Slices: not null });

    /// <summary>The key of an id.</summary>
    public static ulong KeyOf(string id) => ContentKey.Of(id).Value;

    /// <summary>The keys of all votes.</summary>
    public ulong[] SeenIds() => MemoryMarshal.Cast<byte, ulong>(Seen).ToArray();

    /// <summary>The same with other votes taken in.</summary>
    public WatchState WithSeen(IEnumerable<ulong> keys) =>
        this with { Seen = MemoryMarshal.AsBytes<ulong>(keys.Order().ToArray()).ToArray() };

    /// <summary>Reads a state; null where there is none yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="judge">The hash of the judge that is watched.</param>
    /// <param name="reference">The file of reference that was asked for; null for none.</param>
    /// <exception cref="InputException">Not a state, or one of another judge or reference.</exception>
    public static WatchState? Read(string path, string judge, string? reference)
    {
        if (!File.Exists(path))
            return null;
        var state = Parse(path);
        if (!string.Equals(state.Judge, judge, StringComparison.Ordinal))
        {
            throw Wrong($"{path} is the state of a watch of another judge, or of this one before it was calibrated again. "
                + "Give another `state` for this one.");
        }

        return reference is null || string.Equals(state.ReferenceFile, HashOf(reference), StringComparison.Ordinal)
            ? state
            : throw Wrong(
                $"The watch in {path} was begun with another reference than {reference}. "
                + "Leave out `reference`, or give another `state`.");
    }

    /// <summary>Writes the state, whole or not at all.</summary>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public void Write(string path) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, WatchJson.Default.WatchState));

    /// <summary>The hash of a file.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static string HashOf(string path)
    {
        try
        {
            return FileSha256.Of(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static WatchState Parse(string path)
    {
        try
        {
            if (new FileInfo(path).Length <= MaxBytes
                && JsonSerializer.Deserialize(File.ReadAllBytes(path), WatchJson.Default.WatchState)
                    is { FormatVersion: >= OldestFormat and <= Format, IsPossible: true } state)
            {
                return state;
            }

            throw Wrong($"{path} is no state of a watch that this version of Tiebreak can go on with. Give another `state`.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Wrong($"{path} cannot be read as the state of a watch: {exception.Message} Give another `state`.", exception);
        }
    }

    private static InputException Wrong(string message, Exception? inner = null) =>
        new(message, inner) { Parameters = ["state", "reference"] };
}

/// <summary>One of the last votes.</summary>
/// <param name="LogLoss">The judge's log loss.</param>
/// <param name="Tie">1 for a tie, 0 for none; between for a label in probabilities.</param>
/// <param name="Slices">What the battle is like.</param>
internal sealed record WatchedVote(double LogLoss, double Tie, IReadOnlyList<string> Slices)
{
    /// <summary>The overconfidence that it shows; null where the reference does not say how sure the judge was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Overconfidence { get; init; }
}

/// <summary>How a state is written: snake_case, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WatchState))]
internal sealed partial class WatchJson : JsonSerializerContext;
