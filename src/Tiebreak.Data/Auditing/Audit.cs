using Tiebreak.Core.Battles;
using Tiebreak.Data.Facts;
using Tiebreak.Text;

namespace Tiebreak.Data.Auditing;

/// <summary>What an audit found.</summary>
public sealed record Audit
{
    /// <summary>The audited files with their row counts.</summary>
    public required IReadOnlyList<(string Name, int Rows, int Problems, bool IsTest)> Files { get; init; }

    /// <summary>The facts of the battles, one file after the other: the rows that <see cref="FindingResult.Rows"/> counts.</summary>
    public required IReadOnlyList<BattleFacts> Facts { get; init; }

    /// <summary>Battles in all files.</summary>
    public int Rows => Facts.Count;

    /// <summary>Different prompts among them (see <see cref="PromptGroup"/>).</summary>
    public required int Prompts { get; init; }

    /// <summary>Everything noteworthy about single battles, also what occurs nowhere.</summary>
    public required IReadOnlyList<FindingResult> Findings { get; init; }

    /// <summary>Labelled battles by verdict.</summary>
    public required IReadOnlyDictionary<Verdict, int> Verdicts { get; init; }

    /// <summary>Battles by number of turns.</summary>
    public required IReadOnlyDictionary<int, int> Turns { get; init; }

    /// <summary>Battles by language, most frequent first: as the data states it, and identified from the texts where it does not.</summary>
    public required IReadOnlyList<(string Language, int Battles)> Languages { get; init; }

    /// <summary>Battles by source and licence, most frequent first; null where the data does not say.</summary>
    public required IReadOnlyList<(string? Source, string? License, int Battles)> Sources { get; init; }

    /// <summary>Lengths of prompts, responses and whole battles.</summary>
    public required IReadOnlyList<LengthSummary> Lengths { get; init; }

    /// <summary>What counted the tokens (see <see cref="TokenCounter.Name"/>).</summary>
    public required string TokensAre { get; init; }

    /// <summary>How often side A wins: an effect of the position, if models take sides at random.</summary>
    public required ShareOfWins FirstSide { get; init; }

    /// <summary>How often the longer side wins.</summary>
    public required ShareOfWins LongerSide { get; init; }

    /// <summary>How battles end by the difference in length, from "A much shorter" to "A much longer".</summary>
    public required IReadOnlyList<LengthBin> LengthCurve { get; init; }

    /// <summary>The models, most battles first; empty where the data names none.</summary>
    public required IReadOnlyList<ModelSummary> Models { get; init; }

    /// <summary>The most frequent models against each other.</summary>
    public required PairTable Pairs { get; init; }
}
