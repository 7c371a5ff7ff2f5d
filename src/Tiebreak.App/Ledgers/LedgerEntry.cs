namespace Tiebreak.App.Ledgers;

/// <summary>What was handed in, with its local and its leaderboard score.</summary>
public sealed record LedgerEntry
{
    /// <summary>Its name, once in a ledger.</summary>
    public required string Name { get; init; }

    /// <summary>Log loss of cross-validation, where known.</summary>
    public double? Cv { get; init; }

    /// <summary>Log loss on the leaderboard, where known.</summary>
    public double? Lb { get; init; }

    /// <summary>Anything worth remembering.</summary>
    public string? Note { get; init; }
}
