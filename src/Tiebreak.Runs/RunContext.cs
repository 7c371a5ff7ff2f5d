using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs;

/// <summary>An open run, as one process sees it: its files, its battles, its judge, its shards.</summary>
internal sealed class RunContext
{
    public const string SecondFile = "second.json";

    // The worker and the timer that updates the submission ask for shards at the same time.
    private readonly Lock _lock = new();
    private readonly Dictionary<RunPass, Shard[]> _cut = [];
    private int[]? _order;

    public required IRunStorage Storage { get; init; }

    public required RunManifest Manifest { get; init; }

    public required IReadOnlyList<Battle> Battles { get; init; }

    public required long[] Tokens { get; init; }

    public required RunJudge Judge { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public LeaseTimes LeaseTimes { get; init; } = new();

    public Action<string> Say { get; init; } = _ => { };

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How long to wait before a write is tried again that found the disk full.</summary>
    public TimeSpan StoragePause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the owner of a lease is known to be dead.</summary>
    public Func<LeaseOwner, bool> IsGone { get; init; } = owner => owner.IsGone();

    /// <summary>The shards of a pass: none where the run has no such pass, or the second order is not planned yet.</summary>
    public IReadOnlyList<Shard> Of(RunPass pass)
    {
        lock (_lock)
        {
            if (!_cut.TryGetValue(pass, out var shards) && OrderOf(pass) is { } order)
            {
                var size = pass == RunPass.Fallback ? ShardSize.Standard : Manifest.ShardSize;
                _cut[pass] = shards = ShardCutter.Cut(pass, order, Tokens, size);
            }

            return shards ?? [];
        }
    }

    /// <summary>All shards that are planned, by name; not their parts.</summary>
    public IReadOnlyDictionary<string, Shard> Shards() =>
        Enum.GetValues<RunPass>().SelectMany(Of).ToDictionary(shard => shard.Name, StringComparer.Ordinal);

    private int[]? OrderOf(RunPass pass) => (pass, Manifest.SecondOrder) switch
    {
        (RunPass.Fallback, _) => Judge.Fallback is null ? [] : Order(),
        (RunPass.First, _) or (RunPass.Second, SecondOrder.All) => Order(),
        (RunPass.Second, SecondOrder.Uncertain) => ReadSecond(),
        _ => [],
    };

    private int[] Order() => _order ??= ShardCutter.LongestFirst(Tokens);

    private int[]? ReadSecond()
    {
        if (Storage.Read(SecondFile) is not { } content)
            return null;

        try
        {
            var order = JsonSerializer.Deserialize(content, RunJson.Default.Int32Array);
            if (order is not null && Array.TrueForAll(order, row => (uint)row < (uint)Battles.Count)
                && order.Distinct().Count() == order.Length)
            {
                return order;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new InputException($"{SecondFile} in the run's folder is damaged. Delete it, and everything in done/ and results/ that "
            + "begins with \"second-\", then resume.");
    }
}
