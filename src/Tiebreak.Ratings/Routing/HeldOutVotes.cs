using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Routing;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Routing;

/// <summary>Log losses of predictors on votes that they have not seen.</summary>
internal static class HeldOutVotes
{
    private static readonly double[] Penalties = [0.1, 1, 4];

    /// <summary>The loss of every battle.</summary>
    /// <param name="battles">Battles between models that the predictors know.</param>
    /// <param name="predictorOf">The predictor for each row.</param>
    public static double[] Losses(LabelledBattles battles, Func<int, IPromptPredictor> predictorOf)
    {
        var losses = new double[battles.Count];
        var places = new Dictionary<IPromptPredictor, Dictionary<string, int>>();
        for (var row = 0; row < losses.Length; row++)
        {
            var predictor = predictorOf(row);
            if (!places.TryGetValue(predictor, out var place))
                places.Add(predictor, place = RoutingBattles.Places(predictor.Models));
            var preferences = new Preference[predictor.Models.Count];
            var battle = battles.Battles[row];
            predictor.Predict(RoutingBattles.OpeningOf(battle), RoutingBattles.VectorOf(battle), place[battle.ModelB!], preferences);
            losses[row] = LogLoss.Of(preferences[place[battle.ModelA!]], battles.Targets[row]);
        }

        return losses;
    }

    /// <summary>
    /// The loss of every battle under Bradley-Terry fitted without its fold, ties by their share; of several penalties the best.
    /// </summary>
    public static double[] BradleyTerryLosses(LabelledBattles battles, IReadOnlyList<int> folds, int foldCount)
    {
        var votes = VoteSet.Of(battles.Battles.Select((battle, row) =>
            new Vote(battle.ModelA!, battle.ModelB!, battle.Verdict ?? VerdictOf(battles.Targets[row]))));
        return Penalties.Select(penalty => Losses(penalty)).MinBy(losses => losses.Average())!;

        double[] Losses(double penalty)
        {
            var losses = new double[votes.Count];
            for (var fold = 0; fold < foldCount; fold++)
            {
                var fit = RatingFit.Of(
                    VoteCounts.Of(votes.At([.. Enumerable.Range(0, votes.Count).Where(row => folds[row] != fold)])), penalty: penalty);
                for (var row = 0; row < losses.Length; row++)
                {
                    if (folds[row] == fold)
                        losses[row] = LogLoss.Of(fit.Predict(votes.ModelA[row], votes.ModelB[row]).ToPreference(), battles.Targets[row]);
                }
            }

            return losses;
        }
    }

    /// <summary>Puts losses side by side.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="withPrompts">Losses with prompts.</param>
    /// <param name="withoutPrompts">Losses without.</param>
    /// <param name="bradleyTerry">Losses of Bradley-Terry, or null.</param>
    public static PromptGain Compare(LabelledBattles battles, double[] withPrompts, double[] withoutPrompts, double[]? bradleyTerry)
    {
        return new PromptGain
        {
            Votes = battles.Count,
            Prompts = battles.Groups.Max() + 1,
            BradleyTerry = bradleyTerry?.Average() ?? double.NaN,
            WithoutPrompts = withoutPrompts.Average(),
            WithPrompts = withPrompts.Average(),
            ToBradleyTerry = bradleyTerry is null ? new Interval(double.NaN, double.NaN) : Difference(bradleyTerry),
            ToWithoutPrompts = Difference(withoutPrompts),
        };

        Interval Difference(double[] other) =>
            ClusteredMean.Of([.. withPrompts.Zip(other, (one, two) => one - two)], battles.Groups).Interval;
    }

    private static Verdict VerdictOf(Preference target) => target.Top switch
    {
        Outcome.A => Verdict.A,
        Outcome.B => Verdict.B,
        _ => Verdict.Tie,
    };
}
