using Tiebreak.Reports.Documents;

namespace Tiebreak.Reports.Tests;

public sealed class TextTableTests
{
    // Lines of 1 + (5 + 3) + (6 + 3) + (4 + 3) + (8 + 3) = 36 characters.
    private static readonly TextTable Table = new(
        "Models", ["Model", "Rating", "Wins", "95 %\ninterval"], [["one", "1000.0", "7", "1 to 2"], ["three", "900.0", "12", "1 to 3"]]);

    [Theory]
    [InlineData(200, 4)]
    [InlineData(36, 4)]
    [InlineData(35, 3)]
    [InlineData(25, 3)]
    [InlineData(24, 2)]
    [InlineData(1, 2)]
    public void Narrow_lines_leave_out_the_last_columns(int width, int columns)
    {
        var narrowed = Table.Narrowed(width);

        Assert.Equal(Table.Columns.Take(columns), narrowed.Columns);
        Assert.Equal(Table.Rows.Select(row => row[..columns]), narrowed.Rows);
    }
}
