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

/// <summary>One file of an audit.</summary>
/// <param name="Name">Its name, as tables show it.</param>
/// <param name="Battles">Its battles.</param>
/// <param name="Problems">Its rows with problems.</param>
/// <param name="IsTest">True for data that will be predicted: what it shares with the other files is a leak.</param>
public sealed record AuditedFile(string Name, IReadOnlyList<Battle> Battles, IReadOnlyList<RowProblem> Problems, bool IsTest);

/// <summary>Labelled battles in which A is about as much longer than B.</summary>
/// <param name="LogRatio">Mean of ln((length of A + 1) / (length of B + 1)): 0.69 means twice as long.</param>
/// <param name="Battles">How many they are.</param>
/// <param name="Shares">How they ended.</param>
public sealed record LengthBin(double LogRatio, int Battles, Preference Shares);

/// <summary>How long the texts of one kind are, all turns of a battle together.</summary>
/// <param name="Text">Prompt, response A, response B, or the whole battle in tokens (see <see cref="Tiebreak.Text.TokenCounter"/>).</param>
/// <param name="Mean">Mean, in characters (UTF-16 units) unless the text says tokens.</param>
/// <param name="Median">Half are shorter.</param>
/// <param name="P90">Nine in ten are shorter.</param>
/// <param name="P99">99 in 100 are shorter.</param>
/// <param name="Longest">The longest.</param>
public sealed record LengthSummary(string Text, double Mean, double Median, double P90, double P99, int Longest);

/// <summary>How one model fared.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Battles">Battles it fought.</param>
/// <param name="WinRate">Its wins among battles that somebody won.</param>
/// <param name="TieRate">Ties among its battles.</param>
public sealed record ModelSummary(string Model, int Battles, double WinRate, double TieRate);

/// <summary>Battles between every two models: counts and win fractions.</summary>
/// <param name="Models">Rows and columns, the most frequent models first.</param>
/// <param name="Battles"><c>[i, j]</c>: battles of i against j.</param>
/// <param name="WinFraction"><c>[i, j]</c>: wins of i among those of i against j that somebody won; NaN where there are none.</param>
public sealed record PairTable(IReadOnlyList<string> Models, double[,] Battles, double[,] WinFraction);
