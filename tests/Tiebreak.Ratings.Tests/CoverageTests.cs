using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;

namespace Tiebreak.Ratings.Tests;

/// <summary>A small part of bench/results/coverage.md, which the benchmark `measure-coverage` makes.</summary>
public sealed class CoverageTests
{
    [Theory]
    [InlineData(RatingModel.BradleyTerry, false, 0, IntervalKind.Sandwich)]
    [InlineData(RatingModel.BradleyTerry, false, 0.1, IntervalKind.Sandwich)]
    [InlineData(RatingModel.BradleyTerry, true, 0, IntervalKind.Sandwich)]
    [InlineData(RatingModel.BradleyTerry, true, 0.1, IntervalKind.Sandwich)]
    [InlineData(RatingModel.Davidson, true, 0, IntervalKind.Sandwich)]
    [InlineData(RatingModel.RaoKupper, true, 0.1, IntervalKind.Sandwich)]
    [InlineData(RatingModel.BradleyTerry, false, 0, IntervalKind.Bootstrap)]
    [InlineData(RatingModel.Davidson, true, 0.1, IntervalKind.Bootstrap)]
    public void Intervals_hold_the_truth_with_few_votes_and_with_many(
        RatingModel model, bool hasTies, double penalty, IntervalKind intervals)
    {
        var simulation = new CoverageSimulation { Model = model, HasTies = hasTies, Penalty = penalty, Intervals = intervals };
        (int, int)[] cells = [(2, 1), (2, 4), (3, 2), (5, 3), (30, 2), (10, 6), (2, 30), (4, 20), (20, 20), (8, 60)];
        foreach (var (models, votes) in cells)
        {
            // A standard error of so few ratings is about 1 %.
            var coverage = simulation.Run(models, votes, (intervals == IntervalKind.Bootstrap ? 300 : 600) / models);
            Assert.True(
                coverage.Share >= 0.93 && (votes < 20 || coverage.Share <= 0.995),
                $"{models} models, {votes} votes each: {coverage.Share:P1}");
        }
    }
}
