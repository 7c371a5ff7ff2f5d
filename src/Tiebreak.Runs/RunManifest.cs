using System.Text.Json.Serialization;
using Tiebreak.Core.Bundles;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs;

/// <summary>The file <c>run.json</c>: everything that decides what a run computes. A folder is a run if it has one.</summary>
public sealed record RunManifest
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The manifest's file name.</summary>
    public const string FileName = "run.json";

    /// <summary>Version of the run's layout.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>When the run was begun.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What was judged.</summary>
    public required DataFingerprint Data { get; init; }

    /// <summary>Where the data lay when the run was begun.</summary>
    public required string DataPath { get; init; }

    /// <summary>Where the numbers lay that battles bring along for the judge; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NumbersPath { get; init; }

    /// <summary>SHA-256 of the file of numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NumbersSha256 { get; init; }

    /// <summary>Where the judge's bundle lay when the run was begun.</summary>
    public required string JudgePath { get; init; }

    /// <summary>SHA-256 of its <c>judge.json</c>, which vouches for all its files.</summary>
    public required string JudgeSha256 { get; init; }

    /// <summary>Where the fallback's bundle lay; null where the class shares stand in.</summary>
    public required string? FallbackPath { get; init; }

    /// <summary>SHA-256 of the fallback's <c>judge.json</c>.</summary>
    public required string? FallbackSha256 { get; init; }

    /// <summary>Battles to judge.</summary>
    public required int Rows { get; init; }

    /// <summary>Which battles are judged in the second order.</summary>
    public required SecondOrder SecondOrder { get; init; }

    /// <summary>How large shards are.</summary>
    public required ShardSize ShardSize { get; init; }

    /// <summary>SHA-256 of the order of rows in which shards are cut.</summary>
    public required string OrderSha256 { get; init; }

    /// <summary>Versions of Tiebreak, with the commit where it is known, and .NET.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The same run, whose files lie where another description of it says: workers that join look for them there.</summary>
    internal RunManifest MovedTo(RunManifest present) => this with
    {
        DataPath = present.DataPath,
        NumbersPath = present.NumbersPath,
        JudgePath = present.JudgePath,
        FallbackPath = present.FallbackPath,
    };
}
