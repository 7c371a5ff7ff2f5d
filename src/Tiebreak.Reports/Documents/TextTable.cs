namespace Tiebreak.Reports.Documents;

/// <summary>A table of texts.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Columns">Headings; the first column and <see cref="ProseColumns"/> are left-aligned, all others right-aligned.</param>
/// <param name="Rows">One text per column and row.</param>
public sealed record TextTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows) : Section
{
    /// <summary>True if the last columns matter least, so that those for which a line has no room may be left out.</summary>
    public bool CanBeNarrowed { get; init; }

    /// <summary>The numbers, from 0, of columns that hold prose; pages wrap them.</summary>
    public IReadOnlySet<int> ProseColumns { get; init; } = new HashSet<int>();

    /// <summary>The table without the last columns, as many as do not fit on a line; the first two stay.</summary>
    /// <param name="width">Characters of a line.</param>
    public TextTable Narrowed(int width)
    {
        const int Frame = 3; // of each column: a line and two blanks
        var (shown, used) = (0, 1);
        while (shown < Columns.Count)
        {
            used += Frame + Rows.Select(row => row[shown].Length).Concat(Columns[shown].Split('\n').Select(line => line.Length)).Max();
            if (used > width && shown >= 2)
                break;
            shown++;
        }

        return shown == Columns.Count
            ? this
            : this with { Columns = [.. Columns.Take(shown)], Rows = [.. Rows.Select(row => row[..shown])] };
    }
}
