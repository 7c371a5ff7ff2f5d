using Tiebreak.Core.Abstention;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Abstention;

/// <summary>A rule keeps its promise on planted data, for a judge that is right about its uncertainty and for others.</summary>
public sealed class AbstentionFitTests
{
    private const int Draws = 1000;

    // The promise is 95 %; 65 broken ones of 1,000 are two standard errors more than the 50 that are allowed.
    private const int MostBroken = 65;

    [Theory]
    [InlineData(NamedOutcome.ThreeWay, 0.35, 1.0)]
    [InlineData(NamedOutcome.ThreeWay, 0.30, 3.0)] // a judge that is much too sure of itself
    [InlineData(NamedOutcome.Decisive, 0.20, 1.0)]
    [InlineData(NamedOutcome.Decisive, 0.15, 0.4)]
    public void At_most_the_promised_share_of_answers_is_wrong(NamedOutcome outcome, double maxError, double sharpness)
    {
        var random = new SeededRandom(7);
        var population = Planted(20_000, sharpness);
        var (fitted, broken) = (0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var rows = Enumerable.Range(0, 300).Select(_ => population[random.Next(population.Length)]).ToArray();
            var fit = AbstentionFit.Of(
                [.. rows.Select(row => row.Judged)], [.. rows.Select(row => Preference.Certain(Vote(random.NextDouble(), row.Truth)))],
                outcome, maxError);
            if (fit.Rule is not { } rule)
                continue;
            fitted++;
            broken += TrueError(rule, population) > maxError ? 1 : 0;
        }

        Assert.True(fitted > Draws / 4, $"only {fitted} of {Draws} draws gave a rule");
        Assert.True(broken <= MostBroken, $"{broken} of {Draws} promises were broken");
    }

    [Fact]
    public void Where_no_threshold_will_do_there_is_no_rule_but_a_curve()
    {
        var random = new SeededRandom(1);
        var rows = Planted(400, sharpness: 1);
        var fit = AbstentionFit.Of(
            [.. rows.Select(row => row.Judged)], [.. rows.Select(_ => Preference.Certain((Outcome)random.Next(3)))],
            NamedOutcome.ThreeWay, 0.10);

        Assert.Null(fit.Rule);
        Assert.InRange(fit.Attainable, 0.5, 0.75); // two thirds of guesses are wrong
        Assert.Equal(10, fit.Curve.Count);
        Assert.Equal(1, fit.Curve[^1].Answered);
        Assert.All(fit.Curve, point => Assert.InRange(point.ErrorBound, point.Error, 1));
    }

    [Fact]
    public void Battles_of_one_entropy_are_answered_together()
    {
        // A judge that says the same of all is right in 90 of 100 battles; none of them can be told from the others.
        var preferences = Enumerable.Repeat(new Preference(0.8, 0.1, 0.1), 100).ToArray();
        var targets = Enumerable.Range(0, 100).Select(i => Preference.Certain(i < 90 ? Outcome.A : Outcome.B)).ToArray();

        Assert.Null(AbstentionFit.Of(preferences, targets, NamedOutcome.ThreeWay, 0.10).Rule);
        var rule = AbstentionFit.Of(preferences, targets, NamedOutcome.ThreeWay, 0.25).Rule!;
        Assert.Equal((100, 10), (rule.Answered, rule.Errors));
        Assert.Equal(Outcome.A, rule.Decide(preferences[0]));
        Assert.Null(rule.Decide(Preference.Uniform));
    }

    [Fact]
    public void The_answer_is_named_by_the_exchanged_battle_too()
    {
        var rule = Rule(NamedOutcome.Decisive, maxEntropy: 0.5);
        var preference = new Preference(0.1, 0.6, 0.3);

        Assert.Equal((Outcome.B, Outcome.A), (rule.Decide(preference), rule.Decide(preference.Swapped())));
    }

    [Fact]
    public void A_check_on_another_source_tells_a_broken_promise_from_bad_luck()
    {
        var rule = Rule(NamedOutcome.ThreeWay, maxEntropy: 1);
        Preference[] preferences = [.. Enumerable.Repeat(new Preference(0.8, 0.1, 0.1), 100)];
        Preference[] Targets(int errors) => [.. preferences.Select((_, i) => Preference.Certain(i < errors ? Outcome.B : Outcome.A))];

        Assert.False(AbstentionCheck.Of(rule, preferences, Targets(22)).IsBroken);
        var broken = AbstentionCheck.Of(rule, preferences, Targets(40));
        Assert.True(broken.IsBroken);
        Assert.InRange(broken.ErrorAtLeast, 0.31, 0.33); // 0.3180 by Clopper and Pearson, one-sided
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.9)]
    public void Sets_hold_the_verdict_as_often_as_promised(double coverage)
    {
        var random = new SeededRandom(3);
        var population = Planted(20_000, sharpness: 2);
        var held = 0.0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var rows = Enumerable.Range(0, 100).Select(_ => population[random.Next(population.Length)]).ToArray();
            var rule = PredictionSetRule.Fit(
                [.. rows.Select(row => row.Judged)], [.. rows.Select(row => Preference.Certain(Vote(random.NextDouble(), row.Truth)))], coverage);
            var (truth, judged) = population[random.Next(population.Length)];
            held += rule.SetOf(judged).Contains(Vote(random.NextDouble(), truth)) ? 1.0 / Draws : 0;
        }

        Assert.InRange(held, coverage - 0.03, 1);
    }

    [Fact]
    public void Sets_of_very_few_battles_hold_everything()
    {
        var rule = PredictionSetRule.Fit(
            [.. Enumerable.Repeat(new Preference(1, 0, 0), 5)], [.. Enumerable.Repeat(Preference.Certain(Outcome.A), 5)], 0.9);

        Assert.Equal([Outcome.A, Outcome.B, Outcome.Tie], rule.SetOf(new Preference(1, 0, 0)));
    }

    private static AbstentionRule Rule(NamedOutcome outcome, double maxEntropy) => new()
    {
        Outcome = outcome,
        MaxError = 0.2,
        Confidence = 0.95,
        MaxEntropy = maxEntropy,
        Rows = 100,
        Answered = 50,
        Errors = 5,
    };

    private static (Preference Truth, Preference Judged)[] Planted(int rows, double sharpness)
    {
        var random = new SeededRandom(11);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var (a, b, tie) = (4 * random.NextDouble(), 4 * random.NextDouble(), 1.5 * random.NextDouble());
            return (Preference.FromScores(a, b, tie), Preference.FromScores(a * sharpness, b * sharpness, tie * sharpness));
        })];
    }

    private static Outcome Vote(double u, Preference truth) =>
        u < truth.A ? Outcome.A : u < truth.A + truth.B ? Outcome.B : Outcome.Tie;

    private static double TrueError(AbstentionRule rule, (Preference Truth, Preference Judged)[] population)
    {
        var (wrong, counted) = (0.0, 0.0);
        foreach (var (truth, judged) in population)
        {
            if (!rule.Answers(judged))
                continue;
            var right = truth[rule.Outcome.Of(judged)];
            var all = rule.Outcome == NamedOutcome.ThreeWay ? 1 : truth.A + truth.B;
            (wrong, counted) = (wrong + all - right, counted + all);
        }

        return wrong / counted;
    }
}
