using System.Globalization;
using System.Text;
using Tiebreak.Core.Files;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.Cli.Output.Rank;

/// <summary>A leaderboard as CSV.</summary>
internal static class LeaderboardCsv
{
    public static void Write(string path, Leaderboard board)
    {
        var text = new StringBuilder("model,rating,lower,upper,rank,rank_best,rank_worst,battles,wins,losses,ties\n");
        foreach (var entry in board.Entries)
        {
            text.Append(CsvText.Cell(entry.Model)).Append(
                CultureInfo.InvariantCulture,
                $",{entry.Rating:R},{entry.Interval.Lower:R},{entry.Interval.Upper:R},{entry.Rank},{entry.Ranks.Best},{entry.Ranks.Worst},"
                    + $"{entry.Battles},{entry.Wins},{entry.Losses},{entry.Ties}\n");
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
