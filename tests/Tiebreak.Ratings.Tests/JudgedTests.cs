using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

/// <summary>
/// Planted battles: a vote depends on the two models and on something in the texts (±<see cref="Text"/>), which ratings do not see but a
/// judge may.
/// </summary>
public sealed class JudgedTests
{
    private const double Text = 2.5;

    private static readonly double[] Strengths = [1, .4, 0, -.5, -.9];

    private delegate double Judge(int a, int b, double text, ref SeededRandom random);

    [Fact]
    public void Intervals_cover_the_truth_however_biased_the_judge_is()
    {
        // It sees the texts, and puts the last model far above all others; unvoted battles are mostly about two models.
        static double Biased(int a, int b, double text, ref SeededRandom random) => Logistic.Of(text + (a == 4 ? 2 : 0) - (b == 4 ? 2 : 0));
        var (covered, narrowing) = Simulate(Biased, runs: 150, voted: 500, unvoted: 3000, isSkewed: true);
        Assert.InRange(covered, .925, .975);
        Assert.InRange(narrowing, .5, .93);
    }

    [Fact]
    public void A_good_judge_narrows_intervals()
    {
        static double Good(int a, int b, double text, ref SeededRandom random) => Logistic.Of(Strengths[a] - Strengths[b] + text);
        var (covered, narrowing) = Simulate(Good, runs: 150, voted: 500, unvoted: 5000, isSkewed: false);
        Assert.InRange(covered, .925, .975);
        Assert.InRange(narrowing, .5, .75);
    }

    [Fact]
    public void A_judge_that_knows_nothing_does_no_harm()
    {
        static double Random(int a, int b, double text, ref SeededRandom random) => random.NextDouble();
        var (covered, narrowing) = Simulate(Random, runs: 150, voted: 500, unvoted: 3000, isSkewed: false);
        Assert.InRange(covered, .925, .975);
        Assert.InRange(narrowing, .97, 1.01);
    }

    [Fact]
    public void Clusters_count_once()
    {
        var battles = Planted((int a, int b, double text, ref SeededRandom random) => Logistic.Of(text), 600, 2000, isSkewed: false, 3);
        var thrice = battles.At([.. Enumerable.Range(0, 3 * battles.Count).Select(i => i % battles.Count)]);
        var (once, more) = (PredictionPoweredFit.Of(battles), PredictionPoweredFit.Of(
            thrice, [.. Enumerable.Range(0, thrice.Count).Select(i => i % battles.Count)]));
        Assert.Equal(once.Lambda, more.Lambda, 1e-6);
        Assert.Equal(once.Covariance.Robust[0, 0], more.Covariance.Robust[0, 0], 1e-6);
    }

    [Fact]
    public void Without_unvoted_battles_it_is_the_leaderboard_of_votes()
    {
        var battles = Planted((int a, int b, double text, ref SeededRandom random) => Logistic.Of(text), 800, 0, isSkewed: false, 1);
        var (combined, votes) = (
            Leaderboard.Of(PredictionPoweredFit.Of(battles), new LeaderboardOptions()),
            Leaderboard.Of(battles.Votes(), new LeaderboardOptions()));
        Assert.All(combined.Entries.Zip(votes.Entries), both =>
        {
            Assert.Equal(both.Second.Rating, both.First.Rating, 1e-6);
            Assert.Equal(both.Second.Interval.Lower, both.First.Interval.Lower, .2); // the number of clusters is corrected for
        });
    }

    [Fact]
    public void Exchanging_sides_changes_nothing()
    {
        var battles = List(Planted(
            (int a, int b, double text, ref SeededRandom random) => .9 * Logistic.Of(text), 500, 1500, isSkewed: false, 6));
        var one = PredictionPoweredFit.Of(JudgedBattles.Of(
            [.. battles.Select(row => row.Battle)], [.. battles.Select(row => (Preference?)row.Preference)]));
        var swapped =
            battles.Select((row, i) => i % 2 == 0 ? row : (Battle: row.Battle.Swapped(), Preference: row.Preference.Swapped())).ToList();
        var other = PredictionPoweredFit.Of(JudgedBattles.Of(
            [.. swapped.Select(row => row.Battle)], [.. swapped.Select(row => (Preference?)row.Preference)]));
        Assert.Equal(one.Lambda, other.Lambda, 1e-9);
        var ratings = Leaderboard.Of(other, new LeaderboardOptions()).Entries
            .ToDictionary(entry => entry.Model, entry => entry.Rating, StringComparer.Ordinal);
        Assert.All(Leaderboard.Of(one, new LeaderboardOptions()).Entries, entry => Assert.Equal(ratings[entry.Model], entry.Rating, 1e-6));
    }

    [Fact]
    public void Votes_that_are_no_random_part_are_noticed()
    {
        var (falseAlarms, noticed) = (0, 0);
        for (var seed = 0UL; seed < 100; seed++)
        {
            var random = Planted(Texts, 400, 1600, isSkewed: false, seed);
            falseAlarms += PredictionPoweredFit.Of(random).ShiftPValue < .05 ? 1 : 0;

            // The first model was voted on mostly where its texts are better.
            var chosen = random.At([.. Enumerable.Range(0, random.Count).Where(row => random.Verdicts[row] is null || row % 3 == 0
                || (random.ModelA[row] == 0 ? random.Judge[row] > .5 : random.ModelB[row] != 0 || random.Judge[row] < .5))]);
            noticed += PredictionPoweredFit.Of(chosen).ShiftPValue < .05 ? 1 : 0;
        }

        Assert.InRange(falseAlarms, 0, 12);
        Assert.InRange(noticed, 50, 100);
        static double Texts(int a, int b, double text, ref SeededRandom random) => Logistic.Of(text);
    }

    [Fact]
    public void Battles_that_the_judge_was_trained_on_are_votes_and_no_more()
    {
        var battles = List(Planted(
            (int a, int b, double text, ref SeededRandom random) => Logistic.Of(text), 600, 1000, isSkewed: false, 2));
        var trained = JudgedBattles.Of(
            [.. battles.Select(row => row.Battle)], [.. battles.Select((row, i) => i % 2 == 0 ? (Preference?)null : row.Preference)]);
        var fit = PredictionPoweredFit.Of(trained);
        Assert.Equal(500, fit.UnvotedUsed);
        Assert.Equal(600, fit.VotesAlone.Counts.TotalWeight);
        Assert.Equal(300, JudgeCheck.Of(trained, null, 100, 1)!.Battles);
        Assert.Equal(
            0, PredictionPoweredFit.Of(JudgedBattles.Of([.. battles.Select(row => row.Battle)], new Preference?[battles.Count])).Lambda);
    }

    [Fact]
    public void Rank_correlations_and_their_intervals()
    {
        // The judge exchanges neighbours: five models, two of ten pairs turned.
        var told = new double[] { .4, 1, 0, -.9, -.5 };
        double Turned(int a, int b, double text, ref SeededRandom random) => Logistic.Of(told[a] - told[b]);
        var (spearman, kendall) = (0, 0);
        for (var seed = 0UL; seed < 100; seed++)
        {
            var check = JudgeCheck.Of(Planted(Turned, 600, 0, isSkewed: false, seed), null, 400, seed)!;
            spearman += check.Spearman.Interval.Lower <= .8 + 1e-9 && .8 - 1e-9 <= check.Spearman.Interval.Upper ? 1 : 0;
            kendall += check.Kendall.Interval.Lower <= .6 + 1e-9 && .6 - 1e-9 <= check.Kendall.Interval.Upper ? 1 : 0;
        }

        Assert.InRange(spearman, 88, 100);
        Assert.InRange(kendall, 88, 100);
    }

    [Fact]
    public void Correlations_of_ranks()
    {
        Assert.Equal(1, RankCorrelation.Spearman([1, 2, 3], [10, 20, 40]), 1e-12);
        Assert.Equal(-1, RankCorrelation.Kendall([1, 2, 3], [3, 2, 1]), 1e-12);
        Assert.Equal(.8, RankCorrelation.Spearman([1, 2, 3, 4, 5], [2, 1, 3, 5, 4]), 1e-12);
        Assert.Equal(.6, RankCorrelation.Kendall([1, 2, 3, 4, 5], [2, 1, 3, 5, 4]), 1e-12);

        // As R gives with ties: cor(..., method = "spearman" and "kendall").
        Assert.Equal(.9486833, RankCorrelation.Spearman([1, 2, 2, 3], [1, 2, 3, 4]), 1e-7);
        Assert.Equal(.9128709, RankCorrelation.Kendall([1, 2, 2, 3], [1, 2, 3, 4]), 1e-7);
    }

    [Fact]
    public void A_favoured_model_is_named_and_others_are_not()
    {
        static double Favours(int a, int b, double text, ref SeededRandom random) =>
            Logistic.Of(Strengths[a] - Strengths[b] + text + (a == 3 ? 1.5 : 0) - (b == 3 ? 1.5 : 0));
        static double Fair(int a, int b, double text, ref SeededRandom random) => Logistic.Of(Strengths[a] - Strengths[b] + text);
        var biases = JudgeCheck.Of(Planted(Favours, 2000, 0, isSkewed: false, 1), null, 100, 1)!.Biases;
        Assert.Equal("model-3", biases[0].Model);
        Assert.InRange(biases[0].Interval.Lower, .05, biases[0].Bias);
        Assert.InRange(biases[0].PValue, 0, 1e-6);

        var alarms = 0;
        for (var seed = 0UL; seed < 100; seed++)
        {
            alarms += JudgeCheck.Of(Planted(Fair, 400, 0, isSkewed: false, seed), null, 10, 1)!.Biases.Any(bias => bias.PValue < .05)
                ? 1
                : 0;
        }

        Assert.InRange(alarms, 0, 11);
    }

    [Fact]
    public void Beside_a_judge_fewer_votes_make_intervals_as_narrow_as_promised()
    {
        const double Target = 40;
        const int PerVote = 4;
        static double Good(int a, int b, double text, ref SeededRandom random) => Logistic.Of(Strengths[a] - Strengths[b] + text);
        var options = new LeaderboardOptions { Rounds = 10 };
        for (var seed = 0UL; seed < 5; seed++)
        {
            var before = Planted(Good, 600, 600 * PerVote, isSkewed: false, seed);
            var fit = PredictionPoweredFit.Of(before);
            var plan = VotePlan.Of(Leaderboard.Of(fit, options), options, Target);
            var alone = VotePlan.Of(Leaderboard.Of(before.Votes(), options), options, Target);
            var best = VotePlan.Of(Leaderboard.Of(fit, options), options, Target, fit.Scatter / fit.LeastScatter);
            Assert.True(alone.Votes > 1.3 * plan.Votes && plan.Votes > best.Votes, $"{alone.Votes}, {plan.Votes}, {best.Votes}");

            Assert.InRange(WidestWith(PerVote, plan), .9 * Target, 1.1 * Target);
            Assert.InRange(WidestWith(perVote: 40, best), .9 * Target, 1.1 * Target);

            double WidestWith(int perVote, VotePlan votes)
            {
                var random = new SeededRandom(seed, stream: 9);
                var (battles, preferences) = (List(before).ConvertAll(row => row.Battle), List(before).ConvertAll(row => (Preference?)row.Preference));
                foreach (var pair in votes.Pairs)
                {
                    for (var i = 0; i < pair.Votes * (perVote + 1); i++)
                        Play(NumberOf(pair.One), NumberOf(pair.Other), i < pair.Votes, Good, ref random, battles, preferences);
                }

                return Leaderboard.Of(PredictionPoweredFit.Of(JudgedBattles.Of(battles, preferences)), options).Entries
                    .Max(entry => entry.Interval.Upper - entry.Interval.Lower);
            }
        }
    }

    [Fact]
    public void What_cannot_be_combined_is_named()
    {
        var battles = List(Planted((int a, int b, double text, ref SeededRandom random) => .5, 50, 50, isSkewed: false, 1))
            .ConvertAll(row => row.Battle);
        Preference?[] preferences = [.. battles.Select(_ => (Preference?)Preference.Uniform)];
        Says(
            "Nobody voted",
            () => PredictionPoweredFit.Of(JudgedBattles.Of([.. battles.Select(battle => battle with { Verdict = null })], preferences)));
        Says("No vote is about newcomer", () => PredictionPoweredFit.Of(JudgedBattles.Of(
            [.. battles.SkipLast(1), battles[^1] with { ModelA = "newcomer", Verdict = null }], preferences)));
        Says("against itself", () => JudgedBattles.Of([battles[0] with { ModelA = "x", ModelB = "x" }], preferences[..1]));
        Says("does not name its models", () => JudgedBattles.Of([battles[0] with { ModelA = null }], preferences[..1]));
        Says("no battles", () => JudgedBattles.Of([], []));

        static void Says(string said, Func<object> work) =>
            Assert.Contains(said, Assert.Throws<InputException>(work).Message, StringComparison.Ordinal);
    }

    /// <summary>The share of intervals that cover the truth, and the mean width of combined intervals over that of votes alone.</summary>
    private static (double Covered, double Narrowing) Simulate(Judge judge, int runs, int voted, int unvoted, bool isSkewed)
    {
        var truth = Truth();
        var (covered, narrowing) = (0, 0.0);
        for (var seed = 0; seed < runs; seed++)
        {
            var battles = Planted(judge, voted, unvoted, isSkewed, (ulong)seed);
            var combined = Leaderboard.Of(PredictionPoweredFit.Of(battles), new LeaderboardOptions { Rounds = 10 });
            narrowing += Width(combined) / Width(Leaderboard.Of(battles.Votes(), new LeaderboardOptions { Rounds = 10 })) / runs;
            covered += combined.Entries.Count(entry => truth[entry.Model] is var rating && entry.Interval.Lower <= rating
                && rating <= entry.Interval.Upper);
        }

        return ((double)covered / runs / Strengths.Length, narrowing);
    }

    private static double Width(Leaderboard board) => board.Entries.Average(entry => entry.Interval.Upper - entry.Interval.Lower);

    /// <summary>The ratings that endless votes would give: Bradley-Terry fitted to the probabilities.</summary>
    private static Dictionary<string, double> Truth()
    {
        var counts = VoteCounts.Of(
            Planted((int a, int b, double text, ref SeededRandom random) => .5, 5000, 0, isSkewed: false, 1).Votes());
        var weights = new double[counts.Weights.Length];
        for (var pair = 0; pair < counts.Pairs; pair++)
        {
            var d = Strengths[NumberOf(counts.Models[counts.First[pair]])] - Strengths[NumberOf(counts.Models[counts.Second[pair]])];
            weights[4 * pair] = (Logistic.Of(d + Text) + Logistic.Of(d - Text)) / 2;
            weights[(4 * pair) + 1] = 1 - weights[4 * pair];
        }

        var fit = RatingFit.OfBradleyTerry(counts.With(weights), penalty: 0);
        return counts.Models.Select((model, i) => (model, EloScale.Rating(fit.Strengths[i])))
            .ToDictionary(pair => pair.model, pair => pair.Item2, StringComparer.Ordinal);
    }

    private static int NumberOf(string model) => model[^1] - '0';

    private static List<(Battle Battle, Preference Preference)> List(JudgedBattles battles) => [.. Enumerable.Range(0, battles.Count)
        .Select(row => (
            new Battle
            {
                Id = $"{row}",
                Turns = [],
                ModelA = battles.Models[battles.ModelA[row]],
                ModelB = battles.Models[battles.ModelB[row]],
                Verdict = battles.Verdicts[row],
            },
            new Preference(battles.Judge[row], 1 - battles.Judge[row], 0)))];

    private static JudgedBattles Planted(Judge judge, int voted, int unvoted, bool isSkewed, ulong seed)
    {
        var random = new SeededRandom(seed, 77);
        var (battles, preferences) = (new List<Battle>(), new List<Preference?>());
        for (var i = 0; i < voted + unvoted; i++)
        {
            var (a, b) = (random.Next(5), random.Next(4));
            b += b >= a ? 1 : 0;
            if (isSkewed && i >= voted && random.NextDouble() < .7)
                (a, b) = random.NextDouble() < .5 ? (0, 4) : (4, 0);
            Play(a, b, i < voted, judge, ref random, battles, preferences);
        }

        return JudgedBattles.Of(battles, preferences);
    }

    private static void Play(
        int a, int b, bool isVoted, Judge judge, ref SeededRandom random, List<Battle> battles, List<Preference?> preferences)
    {
        var text = random.NextDouble() < .5 ? Text : -Text;
        Verdict? verdict = !isVoted ? null
            : random.NextDouble() < Logistic.Of(Strengths[a] - Strengths[b] + text) ? Verdict.A
            : Verdict.B;
        var score = judge(a, b, text, ref random);
        battles.Add(new Battle { Id = $"{battles.Count}", Turns = [], ModelA = $"model-{a}", ModelB = $"model-{b}", Verdict = verdict });
        preferences.Add(new Preference(score, 1 - score, 0));
    }
}
