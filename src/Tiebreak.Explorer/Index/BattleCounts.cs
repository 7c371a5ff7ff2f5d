namespace Tiebreak.Explorer.Index;

/// <summary>
/// What the battles that meet a filter are like. Lists are sorted by count, the greatest first, unless they say otherwise.
/// </summary>
internal sealed record BattleCounts
{
    /// <summary>How many there are.</summary>
    public required long Battles { get; init; }

    /// <summary>By vote, in the words of <see cref="BattleFilter.AllWinners"/> and their order.</summary>
    public required IReadOnlyList<NamedCount> Winners { get; init; }

    /// <summary>By number of turns, ascending.</summary>
    public required IReadOnlyList<NamedCount> Turns { get; init; }

    /// <summary>By language.</summary>
    public required IReadOnlyList<NamedCount> Languages { get; init; }

    /// <summary>By data set, of those that name one.</summary>
    public required IReadOnlyList<NamedCount> Sources { get; init; }

    /// <summary>By tag; a battle can have several.</summary>
    public required IReadOnlyList<NamedCount> Tags { get; init; }

    /// <summary>By model, on either side; a battle of a model against itself counts once.</summary>
    public required IReadOnlyList<NamedCount> Models { get; init; }

    /// <summary>
    /// By finding (<see cref="Data.Facts.Finding.Column"/>), in the order of reports. Findings that depend on other battles are left out
    /// as long as they are not known; see <see cref="IndexProgress.HasFindings"/>.
    /// </summary>
    public required IReadOnlyList<NamedCount> Findings { get; init; }

    /// <summary>Histograms of lengths: prompt, response A and B in characters (UTF-16 units), and the whole battle in tokens.</summary>
    public required IReadOnlyList<LengthHistogram> Lengths { get; init; }
}

/// <summary>How many battles have something.</summary>
/// <param name="Name">What they have.</param>
/// <param name="Battles">How many they are.</param>
internal readonly record struct NamedCount(string Name, long Battles);

/// <summary>How many battles are about so long. Bins double every second time, so that a bin's upper end is 1.41 times its lower.</summary>
/// <param name="Column">The column of facts that is counted: <c>length_a</c>.</param>
/// <param name="Bins">Those with battles, ascending.</param>
internal sealed record LengthHistogram(string Column, IReadOnlyList<LengthBin> Bins);

/// <summary>Battles of about one length.</summary>
/// <param name="Least">The least length of the bin.</param>
/// <param name="Most">Its greatest length.</param>
/// <param name="Battles">How many battles it has.</param>
internal readonly record struct LengthBin(long Least, long Most, long Battles);

/// <summary>How every two models fared against each other, among battles that meet a filter and that somebody voted on.</summary>
/// <param name="Models">Rows and columns, most battles first.</param>
/// <param name="Battles"><c>[i, j]</c>: battles of i against j.</param>
/// <param name="Wins"><c>[i, j]</c>: those that i won.</param>
internal sealed record ModelMatrix(IReadOnlyList<string> Models, long[,] Battles, long[,] Wins);
