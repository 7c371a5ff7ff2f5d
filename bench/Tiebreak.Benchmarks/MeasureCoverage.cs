using System.Globalization;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Tests;

namespace Tiebreak.Benchmarks;

/// <summary>How often the intervals of leaderboards hold the truth, by models and votes; see <see cref="CoverageSimulation"/>.</summary>
internal static class MeasureCoverage
{
    private const int Ratings = 20_000;
    private const int RatingsByBootstrap = 5_000;
    private const int RatingsDrawnAgain = 500_000;

    private static readonly int[] Models = [2, 3, 5, 10, 30];
    private static readonly int[] Votes = [1, 2, 3, 5, 10, 20, 40, 60];

    private static readonly (string Name, CoverageSimulation Simulation)[] Cases =
    [
        ("Bradley-Terry", new()),
        ("Bradley-Terry, penalty 0.1", new() { Penalty = 0.1 }),
        ("Bradley-Terry, ties", new() { HasTies = true }),
        ("Bradley-Terry, ties, penalty 0.1", new() { HasTies = true, Penalty = 0.1 }),
        ("Davidson, ties", new() { Model = RatingModel.Davidson }),
        ("Davidson, ties, penalty 0.1", new() { Model = RatingModel.Davidson, Penalty = 0.1 }),
        ("Rao-Kupper, ties", new() { Model = RatingModel.RaoKupper }),
        ("Rao-Kupper, ties, penalty 0.1", new() { Model = RatingModel.RaoKupper, Penalty = 0.1 }),
        ("Bradley-Terry, bootstrap", new() { Intervals = IntervalKind.Bootstrap }),
        ("Bradley-Terry, ties, penalty 0.1, bootstrap", new() { HasTies = true, Penalty = 0.1, Intervals = IntervalKind.Bootstrap }),
    ];

    public static int Run(string results)
    {
        var lines = new List<string>
        {
            "# Do intervals hold the truth?",
            "",
            "Percent of nominal 95 % intervals that hold the true rating (in brackets: the share without a rating, whose interval is",
            "infinite and counts as holding it). Strengths from N(0, 200 points); votes between random models; about",
            $"{Ratings:N0} ratings a cell ({RatingsByBootstrap:N0} with bootstrap), so that a standard error is 0.2 to 0.3; seed {new CoverageSimulation().Seed}. With",
            "ties, a third of the votes between equal models are ties. Columns: votes that a model takes part in, on average.",
            "Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- measure-coverage`.",
        };
        foreach (var (name, simulation) in Cases)
        {
            var rule = string.Concat(Votes.Select(_ => "---|"));
            lines.AddRange(["", $"## {name}", "", $"| models | {string.Join(" | ", Votes)} |", $"|---|{rule}"]);
            var ratings = simulation.Intervals == IntervalKind.Bootstrap ? RatingsByBootstrap : Ratings;
            foreach (var models in Models)
            {
                var cells = Votes.Select(votes => Cell(simulation.Run(models, votes, ratings / models)));
                lines.Add($"| {models} | {string.Join(" | ", cells)} |");
            }

            Console.WriteLine(string.Join('\n', lines.TakeLast(Models.Length + 2)));
        }

        lines.AddRange(["", "## One cell with more draws", "", DrawnAgain()]);
        File.WriteAllLines(Path.Combine(results, "coverage.md"), lines);
        return 0;
    }

    /// <summary>The cell that few draws put above 99, which no cell from 20 votes a model on should reach.</summary>
    private static string DrawnAgain()
    {
        const int models = 5, votes = 20;
        var (name, simulation) = Cases[^1];
        var coverage = simulation.Run(models, votes, RatingsDrawnAgain / models);
        return string.Create(
            CultureInfo.InvariantCulture, $"{name}, {models} models, {votes} votes: {100 * coverage.Share:F2} of {coverage.Ratings:N0} ratings.");
    }

    private static string Cell(Coverage coverage)
    {
        var infinite = (double)coverage.Infinite / coverage.Ratings;
        return string.Create(
            CultureInfo.InvariantCulture, $"{100 * coverage.Share:F1}{(coverage.Infinite == 0 ? "" : $" ({100 * infinite:F0})")}");
    }
}
