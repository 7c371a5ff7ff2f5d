using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Drift;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using static System.FormattableString;

namespace Tiebreak.Core.Tests.Drift;

/// <summary>
/// Simulated streams of votes on a calibrated judge (preferences from a Dirichlet distribution). A change makes some people vote without
/// regard to the battle, with the class shares, so that the log loss grows and the tie share does not.
/// </summary>
public sealed class DriftMonitorTests(ITestOutputHelper output)
{
    private const int Draws = 1000;
    private const ulong Seed = 20;

    private static readonly Preference Shares = new(0.35, 0.34, 0.31);
    private static readonly Outcome[] Outcomes = Enum.GetValues<Outcome>();

    // Every stream has a reference of its own, which is off by chance.
    [Theory]
    [InlineData(1.02, 1_000)]
    [InlineData(0.93, 57_000)]
    public void At_most_20_of_1000_quiet_streams_of_3000_votes_alarm(double logLoss, int referenceRows)
    {
        var judge = new SimulatedJudge(logLoss, referenceRows);
        var alarms = Count(draw => judge.AlarmWithin(3000, change: 0, draw) is not null);
        output.WriteLine(Invariant($"{alarms} of {Draws} quiet streams alarm; {judge}"));
        Assert.True(alarms <= 20, $"{alarms} quiet streams alarm");
    }

    // The surer a judge, the wider its losses scatter, and the more votes a change takes.
    [Theory]
    [InlineData(1.02, 57_000, 0.15, 200, 950)]
    [InlineData(1.02, 57_000, 0.05, 1_500, 900)]
    [InlineData(1.02, 5_000, 0.05, 1_700, 900)]
    [InlineData(1.02, 1_000, 0.15, 200, 900)]
    [InlineData(0.97, 57_000, 0.15, 200, 930)]
    [InlineData(0.97, 57_000, 0.05, 1_500, 900)]
    [InlineData(0.93, 57_000, 0.15, 200, 860)]
    [InlineData(0.93, 57_000, 0.15, 350, 930)]
    [InlineData(0.93, 57_000, 0.05, 1_500, 820)]
    [InlineData(0.93, 57_000, 0.05, 2_200, 880)]
    public void A_change_of_the_log_loss_is_found(double logLoss, int referenceRows, double change, int votes, int atLeast)
    {
        var judge = new SimulatedJudge(logLoss, referenceRows);
        var found = Count(draw => judge.AlarmWithin(votes, change, draw) is not null);
        output.WriteLine(Invariant($"change of {change}: found within {votes} votes in {found} of {Draws} draws; {judge}"));
        Assert.True(found >= atLeast, $"found in {found} draws");
    }

    // Somebody who knows size, kind and beginning of the change, and exactly how the judge was, and looks only once, after the last vote:
    // no test that errs on 2 % of the quiet streams finds more changes than the likelihood ratio (Neyman and Pearson 1933).
    [Theory]
    [InlineData(1.02, 0.15, 200)]
    [InlineData(1.02, 0.05, 1_500)]
    [InlineData(0.97, 0.15, 200)]
    [InlineData(0.97, 0.05, 1_500)]
    [InlineData(0.93, 0.15, 200)]
    [InlineData(0.93, 0.05, 1_500)]
    public void Little_is_lost_to_not_knowing_the_change(double logLoss, double change, int votes)
    {
        var judge = new SimulatedJudge(logLoss, referenceRows: 57_000);
        double[] quiet = [.. Enumerable.Range(0, Draws).Select(draw => judge.LogLikelihoodRatio(votes, change, (ulong)draw, isQuiet: true))];
        var needed = quiet.OrderDescending().ElementAt(Draws / 50);
        var best = Count(draw => judge.LogLikelihoodRatio(votes, change, Draws + draw, isQuiet: false) > needed);
        var found = Count(draw => judge.AlarmWithin(votes, change, draw) is not null);
        output.WriteLine(Invariant($"change of {change} within {votes} votes: {found} of {Draws} draws, {best} at best; {judge}"));
        Assert.True(found >= best - 150, $"found in {found} draws, {best} at best");
    }

    [Fact]
    public void Harder_battles_raise_the_loss_and_do_not_make_a_calibrated_judge_overconfident()
    {
        var (before, harder) = (new SimulatedJudge(0.93, referenceRows: 57_000), new SimulatedJudge(1.02, referenceRows: 57_000));
        var alarms = Enumerable.Range(0, 20).Select(draw => before.MonitorAfter(2000, harder, (ulong)draw)).ToList();
        Assert.True(alarms.Count(monitor => monitor.Loss.AlarmAt is not null) >= 19);
        Assert.True(alarms.Count(monitor => monitor.Overconfidence!.AlarmAt is not null) <= 1);
    }

    [Fact]
    public void Overconfidence_is_1_for_a_calibrated_judge_whatever_it_says() =>
        Gen.Select(Gen.Double[0.04, 1].Array[3], Gen.Double[0.01, 0.33].Array[2]).Sample((weights, shares) =>
        {
            var said = Preference.Normalised(weights[0], weights[1], weights[2]);
            var blind = new Preference(shares[0], shares[1], 1 - shares.Sum());
            var mean = Outcomes.Sum(outcome => said[outcome] * Overconfidence.Of(said, Preference.Certain(outcome), blind));
            Assert.True(mean <= 1 + 1e-12);
            if (Outcomes.All(outcome => blind[outcome] / said[outcome] <= Overconfidence.Highest))
                Assert.Equal(1, mean, 12);
        });

    [Fact]
    public void A_change_that_comes_late_is_found_too()
    {
        var judge = new SimulatedJudge(1.02, referenceRows: 57_000);
        var found = Enumerable.Range(0, 20).Count(draw => judge.AlarmWithin(2000, change: 0.15, (ulong)draw, quiet: 1500) is > 1500);
        Assert.True(found >= 18, $"found in {found} of 20 draws");
    }

    [Theory]
    [InlineData(0.45)]
    [InlineData(0.2)]
    public void Another_share_of_ties_is_named_and_not_taken_for_a_worse_judge(double tieShare)
    {
        var monitor = new DriftMonitor(new DriftReference(10_000, 1.0986, 1.1, 0.31, 0.30, 0.32));
        var random = new SeededRandom(Seed);
        for (var vote = 0; vote < 1000; vote++)
        {
            var outcome = random.NextDouble() < tieShare ? Outcome.Tie : Outcome.A;
            monitor.Add(new Preference(1 / 3.0, 1 / 3.0, 1 / 3.0), Preference.Certain(outcome));
        }

        Assert.Null(monitor.Loss.AlarmAt);
        Assert.Equal(tieShare > 0.31, monitor.MoreTies.AlarmAt is not null);
        Assert.Equal(tieShare < 0.31, monitor.FewerTies.AlarmAt is not null);
    }

    [Fact]
    public void No_bet_gains_on_average_where_the_mean_is_the_limit()
    {
        // All 2^10 sequences of two equally likely values around the limit: the mean capital is what it was.
        var plan = new BettingPlan(1e-9, [0.2, 0.9])
        {
            AtOnce = 0.3,
            Deadlines = [new BettingDeadline(4, 0.3), new BettingDeadline(9, 0.2)],
        };
        var total = 0.0;
        for (var sequence = 0; sequence < 1024; sequence++)
        {
            var process = new BettingProcess(0.5, plan);
            for (var bit = 0; bit < 10; bit++)
                process.Add((sequence >> bit) & 1);
            total += process.Evidence;
        }

        Assert.Equal(1, total / 1024, 12);
    }

    [Fact]
    public void A_state_of_an_earlier_version_goes_on_without_deadlines()
    {
        var begun = new BettingPlan(0.02, [0.3, 0.6]);
        var (old, now) = (new BettingProcess(1, begun), begun with { AtOnce = 0, Deadlines = [new BettingDeadline(40, 0.9)] });
        old.Add(1.5);
        var goesOn = new BettingProcess(1, now, old.State);
        old.Add(1.2);
        goesOn.Add(1.2);
        Assert.Equal(old.Evidence, goesOn.Evidence);
        Assert.Null(goesOn.State.Deadlines);
    }

    [Fact]
    public void A_state_goes_on_as_if_it_had_never_been_left() =>
        Gen.Select(Gen.Double[0, 4].Array[1, 60], Gen.Int[0, 60]).Sample((losses, cut) =>
        {
            var plan = new BettingPlan(0.02, [0.3, 0.6]) { AtOnce = 0.1, Deadlines = [new BettingDeadline(40, 0.6)] };
            var whole = new BettingProcess(1, plan);
            var parts = new BettingProcess(1, plan);
            foreach (var (i, loss) in losses.Index())
            {
                whole.Add(loss);
                parts.Add(loss);
                if (i == cut)
                    parts = new BettingProcess(1, plan, parts.State);
            }

            Assert.Equal(whole.Evidence, parts.Evidence);
            Assert.Equal(whole.AlarmAt, parts.AlarmAt);
        });

    private static int Count(Predicate<ulong> happens)
    {
        var count = 0;
        Parallel.For(0, Draws, draw =>
        {
            if (happens((ulong)draw))
                Interlocked.Increment(ref count);
        });
        return count;
    }

    /// <summary>A calibrated judge with a given log loss; see <see cref="DirichletJudge"/>.</summary>
    private sealed class SimulatedJudge
    {
        private const int Pool = 200_000;

        private readonly Preference[] _pool;
        private readonly double _logLoss;
        private readonly double _deviation;
        private readonly double _overconfidence;
        private readonly double _deviationOfOverconfidence;
        private readonly double _lossOfBlindVotes;
        private readonly int _referenceRows;

        public SimulatedJudge(double logLoss, int referenceRows)
        {
            var concentration = DirichletJudge.WithLogLoss(logLoss, Shares).Concentration;
            var random = new SeededRandom(Seed);
            _pool = [.. Enumerable.Range(0, Pool).Select(_ => Dirichlet(ref random, concentration))];
            var moments = _pool.SelectMany(said => Outcomes.Select(outcome =>
                (Weight: said[outcome], Blind: Shares[outcome], Loss: DriftMonitor.LossOf(said, Preference.Certain(outcome))))).ToList();
            _logLoss = moments.Sum(row => row.Weight * row.Loss) / Pool;
            _deviation = Math.Sqrt((moments.Sum(row => row.Weight * row.Loss * row.Loss) / Pool) - (_logLoss * _logLoss));
            var ratios = _pool.SelectMany(said => Outcomes.Select(outcome =>
                (Weight: said[outcome], Ratio: Overconfidence.Of(said, Preference.Certain(outcome), Shares)))).ToList();
            _overconfidence = ratios.Sum(row => row.Weight * row.Ratio) / Pool;
            _deviationOfOverconfidence = Math.Sqrt(
                (ratios.Sum(row => row.Weight * row.Ratio * row.Ratio) / Pool) - (_overconfidence * _overconfidence));
            _lossOfBlindVotes = moments.Sum(row => row.Blind * row.Loss) / Pool;
            _referenceRows = referenceRows;
        }

        public override string ToString() =>
            Invariant($"loss {_logLoss:F3}, standard deviation {_deviation:F3}, {_referenceRows} rows behind the reference");

        /// <summary>The vote at which an alarm is raised; null for none.</summary>
        public int? AlarmWithin(int votes, double change, ulong draw, int quiet = 0)
        {
            var random = new SeededRandom(Seed, draw);
            var monitor = new DriftMonitor(Reference(ref random));
            var blind = change / (_lossOfBlindVotes - _logLoss);
            for (var vote = 0; vote < votes; vote++)
            {
                var said = _pool[random.Next(Pool)];
                var truth = vote >= quiet && random.NextDouble() < blind ? Shares : said;
                monitor.Add(said, Preference.Certain(Draw(ref random, truth)));
                if ((monitor.Loss.AlarmAt ?? monitor.Overconfidence!.AlarmAt ?? monitor.MoreTies.AlarmAt ?? monitor.FewerTies.AlarmAt) is { } alarm)
                    return alarm;
            }

            return null;
        }

        /// <summary>The log likelihood ratio of the change against the judge, after votes with the change or without it.</summary>
        public double LogLikelihoodRatio(int votes, double change, ulong draw, bool isQuiet)
        {
            var random = new SeededRandom(Seed, draw);
            var (blind, evidence) = (change / (_lossOfBlindVotes - _logLoss), 0.0);
            for (var vote = 0; vote < votes; vote++)
            {
                var said = _pool[random.Next(Pool)];
                var outcome = Draw(ref random, !isQuiet && random.NextDouble() < blind ? Shares : said);
                evidence += Math.Log(1 - blind + (blind * Shares[outcome] / said[outcome]));
            }

            return evidence;
        }

        /// <summary>A monitor of this judge after votes on the battles of another, which is as calibrated.</summary>
        public DriftMonitor MonitorAfter(int votes, SimulatedJudge other, ulong draw)
        {
            var random = new SeededRandom(Seed, draw);
            var monitor = new DriftMonitor(Reference(ref random));
            for (var vote = 0; vote < votes; vote++)
            {
                var said = other._pool[random.Next(Pool)];
                monitor.Add(said, Preference.Certain(Draw(ref random, said)));
            }

            return monitor;
        }

        // What a validation on so many rows finds: means that are off by chance, and 95 % intervals around them.
        private DriftReference Reference(ref SeededRandom random)
        {
            var error = _deviation / Math.Sqrt(_referenceRows);
            var loss = _logLoss + (error * Normal(ref random));
            var tieError = Math.Sqrt(Shares.Tie * (1 - Shares.Tie) / _referenceRows);
            var ties = Shares.Tie + (tieError * Normal(ref random));
            var errorOfSure = _deviationOfOverconfidence / Math.Sqrt(_referenceRows);
            var sure = _overconfidence + (errorOfSure * Normal(ref random));
            return new DriftReference(
                _referenceRows, loss, loss + (1.96 * error), ties, ties - (1.96 * tieError), ties + (1.96 * tieError))
            {
                Overconfidence = new OverconfidenceReference(sure, sure + (1.96 * errorOfSure), PerOutcome.Of(Shares)),
            };
        }

        private static Outcome Draw(ref SeededRandom random, Preference shares)
        {
            var draw = random.NextDouble();
            return draw < shares.A ? Outcome.A : draw < shares.A + shares.B ? Outcome.B : Outcome.Tie;
        }

        private static Preference Dirichlet(ref SeededRandom random, double concentration) => Preference.Normalised(
            Gamma(ref random, concentration * Shares.A), Gamma(ref random, concentration * Shares.B),
            Gamma(ref random, concentration * Shares.Tie));

        // Marsaglia and Tsang 2000, for shapes of 1 and more.
        private static double Gamma(ref SeededRandom random, double shape)
        {
            var d = shape - (1 / 3.0);
            while (true)
            {
                var x = Normal(ref random);
                var v = Math.Pow(1 + (x / Math.Sqrt(9 * d)), 3);
                if (v > 0 && Math.Log(1 - random.NextDouble()) < (x * x / 2) + d - (d * v) + (d * Math.Log(v)))
                    return d * v;
            }
        }

        private static double Normal(ref SeededRandom random) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
