using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Routing;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Routing;

/// <summary>
/// Trains <see cref="PromptRatings"/> on everything and without each fold, and chooses the penalties by the log loss of held-out prompts.
/// The penalties of the predictors without a fold are chosen on the other folds alone, so that what they say about it is honest.
/// </summary>
/// <param name="job">The battles.</param>
/// <param name="options">What is looked at and tried.</param>
/// <param name="cancellationToken">Stops the training.</param>
internal sealed class PromptRatingsTrainer(TrainingJob job, PromptRatingsOptions options, CancellationToken cancellationToken)
{
    // A path of weaker and weaker penalties ends when so many in a row did worse than the best.
    private const int Patience = 2;
    private const string Stage = "weighing prompts";

    private readonly List<(PromptPenalties Penalties, double[] Losses)> _tried = [];
    private readonly PromptFeatures _features = FitFeatures(job, options);
    private PromptVotes _votes = null!;
    private PromptVotes _plainVotes = null!;
    private PromptRatings[] _plain = [];

    public TrainedPromptPredictor Train()
    {
        _votes = PromptVotes.Of(job, _features, cancellationToken);
        var none = new TermVector([], []);
        _plainVotes = _votes with { Prompts = [.. Enumerable.Repeat(none, _votes.Count)] };

        var strengths = ChooseStrengthPenalty();
        FollowPath(penalty => new PromptPenalties(strengths, penalty, null));
        var models = Best(_ => true).Models;
        FollowPath(penalty => new PromptPenalties(strengths, null, penalty));
        if (models is not null)
            FollowPath(penalty => new PromptPenalties(strengths, models, penalty));

        var chosen = Best(_ => true);
        var ofFold = InParallel(fold => FitOne(job.Outside(fold), Best(row => job.Folds[row] != fold), _plain[fold], threads: 1));
        var plain = FitPlain(_plainVotes, strengths, job.Threads);
        var withPrompts = FitOne([.. Enumerable.Range(0, _votes.Count)], chosen, plain, job.Threads);
        return new TrainedPromptPredictor
        {
            WithPrompts = withPrompts,
            WithoutPrompts = plain,
            OfFold = ofFold,
            OfFoldWithoutPrompts = _plain,
            SaveAsync = (predictor, folder) =>
                PromptRatingsFile.WriteAsync(Path.Combine(folder, PromptRatingsFile.Name), (PromptRatings)predictor),
            Report = Report(chosen, withPrompts),
        };
    }

    // One of each prompt group, so that a prompt with many votes does not decide which terms are frequent.
    private static PromptFeatures FitFeatures(TrainingJob job, PromptRatingsOptions options)
    {
        var battles = Enumerable.Range(0, job.Battles.Count).DistinctBy(i => job.Battles.Groups[i]).Select(i => job.Battles.Battles[i])
            .Where(battle => !string.IsNullOrWhiteSpace(PromptVotes.OpeningOf(battle))).ToList();
        return PromptFeatures.Fit(
            [.. battles.Select(battle => PromptVotes.OpeningOf(battle)!).DefaultIfEmpty("none")],
            [.. battles.Select(battle => battle.States?.Prompt).OfType<IReadOnlyList<float>>()],
            options);
    }

    private double ChooseStrengthPenalty()
    {
        var best = (Penalty: 0.0, Loss: double.PositiveInfinity, Ratings: Array.Empty<PromptRatings>(), Losses: Array.Empty<double>());
        foreach (var penalty in options.StrengthPenalties)
        {
            var ratings = InParallel(fold => FitPlain(_plainVotes.At(job.Outside(fold)), penalty, threads: 1));
            var losses = LossesOf(ratings);
            if (MeanOf(losses, _ => true) is var loss && loss < best.Loss)
                best = (penalty, loss, ratings, losses);
        }

        _plain = best.Ratings;
        _tried.Add((new PromptPenalties(best.Penalty, null, null), best.Losses));
        return best.Penalty;
    }

    private void FollowPath(Func<double, PromptPenalties> penalties)
    {
        var fits = InParallel(fold => new PromptRatingsFit(_votes.At(job.Outside(fold)), _features.Count, _plain[fold]));
        var (best, worse, done) = (double.PositiveInfinity, 0, 0);
        foreach (var penalty in options.PromptPenalties)
        {
            job.Progress?.Report(new JobProgress(Stage, done++, options.PromptPenalties.Count));
            var tried = penalties(penalty);
            var losses = LossesOf(InParallel(fold => fits[fold].Fit(tried, _features, options.MaxSteps, threads: 1, cancellationToken)));
            _tried.Add((tried, losses));
            var loss = MeanOf(losses, _ => true);
            (best, worse) = loss < best ? (loss, 0) : (best, worse + 1);
            if (worse == Patience)
                break;
        }

        job.Progress?.Report(new JobProgress(Stage, options.PromptPenalties.Count, options.PromptPenalties.Count));
    }

    private PromptRatings FitPlain(PromptVotes votes, double penalty, int threads) =>
        new PromptRatingsFit(votes, features: 0, start: null)
            .Fit(new PromptPenalties(penalty, null, null), features: null, options.MaxSteps, threads, cancellationToken);

    private PromptRatings FitOne(int[] rows, PromptPenalties penalties, PromptRatings plain, int threads) => penalties.UsesPrompts
        ? new PromptRatingsFit(_votes.At(rows), _features.Count, plain)
            .Fit(penalties, _features, options.MaxSteps, threads, cancellationToken)
        : plain;

    private PromptPenalties Best(Predicate<int> isCounted) => _tried.MinBy(tried => MeanOf(tried.Losses, isCounted)).Penalties;

    private double MeanOf(double[] losses, Predicate<int> isCounted)
    {
        var (sum, weights) = (0.0, 0.0);
        for (var row = 0; row < losses.Length; row++)
        {
            if (isCounted(row))
                (sum, weights) = (sum + (_votes.Weights[row] * losses[row]), weights + _votes.Weights[row]);
        }

        return sum / weights;
    }

    private double[] LossesOf(PromptRatings[] ofFold)
    {
        var losses = new double[_votes.Count];
        var preferences = new Preference[_votes.Models.Count];
        for (var row = 0; row < losses.Length; row++)
        {
            ofFold[job.Folds[row]].Predict(_votes.Prompts[row], _votes.ModelB[row], preferences);
            losses[row] = LogLoss.Of(preferences[_votes.ModelA[row]], _votes.Targets[row]);
        }

        return losses;
    }

    private T[] InParallel<T>(Func<int, T> ofFold)
    {
        var results = new T[job.FoldCount];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken },
            fold => results[fold] = ofFold(fold));
        return results;
    }

    private JsonObject Report(PromptPenalties chosen, PromptRatings ratings) => new()
    {
        ["features"] = _features.Count,
        ["strength_penalty"] = chosen.Strengths,
        ["model_penalty"] = chosen.Models,
        ["tie_penalty"] = chosen.Ties,
        ["tried"] = new JsonArray([.. _tried.Select(tried => new JsonObject
        {
            ["model_penalty"] = tried.Penalties.Models,
            ["tie_penalty"] = tried.Penalties.Ties,
            ["log_loss"] = MeanOf(tried.Losses, _ => true),
        })]),
        ["telling"] = TellingFeatures.Of(ratings, _votes.Prompts),
    };
}

/// <summary>
/// How strongly each part of <see cref="PromptRatings"/> is held at 0: factors of half the squares, beside the sum of log losses.
/// </summary>
/// <param name="Strengths">Of the strengths on an average prompt.</param>
/// <param name="Models">Of what prompts change about strengths; null for no change at all.</param>
/// <param name="Ties">Of what prompts change about ties; null for no change at all.</param>
internal readonly record struct PromptPenalties(double Strengths, double? Models, double? Ties)
{
    public bool UsesPrompts => Models is not null || Ties is not null;
}
