using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>The numbers of a file of preferences: how they are written, what they are, and how a row becomes a preference.</summary>
internal sealed class SubmissionNumbers
{
    // Scaling numbers of 1e300 could overflow; nobody meant them as weights.
    private const double LargestSum = 1e9;

    private readonly SubmissionColumns _columns;
    private readonly SubmissionScale _scale;
    private readonly char _separator;

    public SubmissionNumbers(CsvTable table, SubmissionColumns columns, SubmissionScale scale = SubmissionScale.None)
    {
        (_columns, _scale, _separator) = (columns, scale, table.Separator);
        var cells = new List<string>(3 * table.Rows.Count);
        foreach (var position in columns.Predictions)
            cells.AddRange(table.Rows.Where(row => position >= 0 && position < row.Cells.Length).Select(row => row.Cells[position]));
        Notation = NumberNotation.Of(cells);
        Kind = KindOf([.. table.Rows.Select(row => Of(row.Cells)).Where(row => double.IsFinite(row.Sum) && !row.IsEmpty)]);
    }

    /// <summary>How the numbers are written.</summary>
    public NumberNotation Notation { get; }

    /// <summary>What most rows hold.</summary>
    public NumberKind Kind { get; }

    /// <summary>True where the numbers cannot be used before somebody says how they become probabilities.</summary>
    public bool NeedScale =>
        _scale is SubmissionScale.None && Kind is NumberKind.LogProbabilities or NumberKind.Logits or NumberKind.Weights;

    /// <summary>What the numbers look like, continuing "the numbers ..."; null for probabilities.</summary>
    public string? Look => Kind switch
    {
        NumberKind.Probabilities => null,
        NumberKind.Percentages => "are percentages that sum to 100 and not probabilities that sum to 1",
        NumberKind.LogProbabilities => "look like logarithms of probabilities: none is above 0, and their exponentials sum to 1",
        NumberKind.Logits => "look like logits and not like probabilities: some are below 0",
        _ => "look like counts or weights and not like probabilities: they are above 1",
    };

    /// <summary>The scale that fits them.</summary>
    public SubmissionScale FittingScale =>
        Kind is NumberKind.Logits or NumberKind.LogProbabilities ? SubmissionScale.Softmax : SubmissionScale.Division;

    /// <summary>What the file is written with that a submission does not have.</summary>
    public IReadOnlyList<string> Spelling =>
    [
        .. _separator switch { ';' => ["semicolons between the columns"], '\t' => ["tabs between the columns"], _ => (string[])[] },
        .. Notation.HasDecimalCommas ? ["decimal commas (0,5)"] : (string[])[],
        .. Notation.HasPercentSigns ? ["percent signs (50%)"] : (string[])[],
    ];

    /// <summary>The three numbers of a row as they are written.</summary>
    public NumberRow Of(string[] cells) => _columns.Numbers(cells, Notation);

    /// <summary>The preference of a row; null where none can be made of it.</summary>
    public Preference? ToPreference(NumberRow row)
    {
        if (_scale is SubmissionScale.Softmax)
            return double.IsFinite(row.Sum) ? Preference.FromScores(row.A, row.B, row.Tie) : null;
        if (!(row.A >= 0 && row.B >= 0 && row.Tie >= 0 && row.Sum is > 0 and < LargestSum) || NeedScale)
            return null;
        return Math.Abs(row.Sum - 1) <= Preference.SumTolerance
            ? new Preference(row.A, row.B, row.Tie)
            : Preference.Normalised(row.A, row.B, row.Tie);
    }

    private static NumberKind KindOf(NumberRow[] rows)
    {
        bool Most(Predicate<NumberRow> holds) => 2 * rows.Count(row => holds(row)) >= rows.Length;
        return Most(row => row.Least >= 0 && row.Most <= 1) ? NumberKind.Probabilities
            : Most(row => row.Least >= 0 && Math.Abs(row.Sum - 100) <= 1) ? NumberKind.Percentages
            : Most(row => row.Most <= 0 && Math.Abs(Math.Exp(row.A) + Math.Exp(row.B) + Math.Exp(row.Tie) - 1) <= 0.02)
                ? NumberKind.LogProbabilities
            : Array.Exists(rows, row => row.Least < 0) ? NumberKind.Logits
            : NumberKind.Weights;
    }
}

/// <summary>Three numbers in label order; NaN for a cell that holds none.</summary>
internal readonly record struct NumberRow(double A, double B, double Tie)
{
    public double Sum => A + B + Tie;

    public double Least => Math.Min(A, Math.Min(B, Tie));

    public double Most => Math.Max(A, Math.Max(B, Tie));

    /// <summary>True if nothing was predicted: out-of-fold arrays hold zeros or nothing for rows of other folds.</summary>
    public bool IsEmpty => (double.IsNaN(A) && double.IsNaN(B) && double.IsNaN(Tie)) || (A == 0 && B == 0 && Tie == 0);
}

/// <summary>What the numbers of a file of preferences look like, by what most rows hold.</summary>
internal enum NumberKind
{
    /// <summary>From 0 to 1.</summary>
    Probabilities,

    /// <summary>They sum to 100.</summary>
    Percentages,

    /// <summary>None above 0, and their exponentials sum to 1.</summary>
    LogProbabilities,

    /// <summary>Some are below 0.</summary>
    Logits,

    /// <summary>None is below 0, but they are too large: counts of votes, ratings, weights.</summary>
    Weights,
}
