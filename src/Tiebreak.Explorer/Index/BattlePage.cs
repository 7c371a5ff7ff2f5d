using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Index;

/// <summary>Some of the battles that meet a filter.</summary>
/// <param name="Lines">The battles of the page, in order.</param>
/// <param name="Offset">How many come before the first of them.</param>
/// <param name="Total">How many meet the filter.</param>
internal sealed record BattlePage(IReadOnlyList<BattleLine> Lines, long Offset, long Total);

/// <summary>A battle in a list: what is known of it, without its texts.</summary>
internal sealed record BattleLine
{
    /// <summary>Its place in the files, from 1; the same as long as the files are the same.</summary>
    public required int Number { get; init; }

    /// <summary>Its id within its file. Several battles can have one.</summary>
    public required string Id { get; init; }

    /// <summary>The model behind side A, or null.</summary>
    public string? ModelA { get; init; }

    /// <summary>The model behind side B, or null.</summary>
    public string? ModelB { get; init; }

    /// <summary>The vote, or null.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The beginning of its first prompt, on one line.</summary>
    public required string PromptStart { get; init; }

    /// <summary>The number of turns.</summary>
    public required int Turns { get; init; }

    /// <summary>UTF-16 units of all prompts.</summary>
    public required int PromptLength { get; init; }

    /// <summary>UTF-16 units of all responses of side A.</summary>
    public required int LengthA { get; init; }

    /// <summary>UTF-16 units of all responses of side B.</summary>
    public required int LengthB { get; init; }

    /// <summary>Tokens of all texts, estimated.</summary>
    public required int Tokens { get; init; }

    /// <summary>The language, stated or identified.</summary>
    public required string Language { get; init; }

    /// <summary>The data set, or null.</summary>
    public string? Source { get; init; }

    /// <summary>When the vote was cast, or null.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>What it has, by <see cref="Data.Facts.Finding.Column"/>.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>What the judge of the filter prefers; null without judges, or where it has not come to this battle yet.</summary>
    public Preference? Preference { get; init; }

    /// <summary>The judge's log loss on the battle, in nats; null without preference or vote.</summary>
    public double? Loss { get; init; }
}

/// <summary>A battle with its texts.</summary>
/// <param name="Line">What is known of it.</param>
/// <param name="Battle">The battle as it was read.</param>
internal sealed record IndexedBattle(BattleLine Line, Battle Battle);

/// <summary>The battles before and after one, among those that meet a filter.</summary>
/// <param name="Previous">The number of the one before; null at the beginning.</param>
/// <param name="Next">The number of the one after; null at the end.</param>
internal readonly record struct BattleNeighbours(int? Previous, int? Next);
