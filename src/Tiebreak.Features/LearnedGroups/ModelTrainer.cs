using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Identification;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>Learns who writes how and how strong they are: on everything and without each fold.</summary>
/// <param name="options">Vocabulary, smoothing, penalty.</param>
internal sealed class ModelTrainer(IdentificationOptions options) : ILearnedGroupTrainer
{
    private const int MaxSteps = 200;

    public (ILearnedGroup Group, FeatureMatrix OutOfFold) Train(TrainingJob job, CancellationToken cancellationToken)
    {
        var battles = job.Battles.Battles;
        BattleTexts[] texts = [.. battles.Select(BattleTexts.Of)];
        int[] named = [.. Enumerable.Range(0, battles.Count).Where(i => battles[i].ModelA is not null && battles[i].ModelB is not null)];
        if (named.Length == 0)
        {
            throw new InputException(
                "The recipe's feature group \"models\" needs battles with model_a and model_b, but the data names no models. " +
                "Use `set` features.models=false.")
            {
                Parameters = ["set"],
            };
        }

        var identification = new ModelIdentifierTrainer(options, job.Threads).Train(
            [
                .. named.Select(i => new WrittenResponse(texts[i].A, battles[i].ModelA!, job.Folds[i])),
                .. named.Select(i => new WrittenResponse(texts[i].B, battles[i].ModelB!, job.Folds[i])),
            ],
            job.FoldCount,
            new StageProgress(job.Progress, "telling models apart", ModelIdentifierTrainer.StepsOf(job.FoldCount)), cancellationToken);

        // Strengths come from true names: probabilities of responses that the identifier was trained on would be too sure of themselves.
        var numbers = identification.Identifier.Models.Index()
            .ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        TermVector Named(string? model) =>
            model is not null && numbers.TryGetValue(model, out var number) ? new([number], [1]) : new([], []);
        BattleVectors[] trueNames =
        [
            .. battles.Select(battle => new BattleVectors(new([], []), Named(battle.ModelA), Named(battle.ModelB))),
        ];
        var strengths = LinearFolds.Fit(
            new PairLinearTrainer(numbers.Count, options.L2, MaxSteps), job, trueNames, "weighing models", cancellationToken);

        var outOfFold = new FeatureMatrix(battles.Count, ModelGroup.AllColumns.Length);
        Parallel.For(0, battles.Count, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken },
            i => ModelGroup.Fill(identification.OfFold[job.Folds[i]], strengths.OfFold[job.Folds[i]], texts[i], outOfFold[i]));
        return (new ModelGroup(identification.Identifier, strengths.OfEverything), outOfFold);
    }
}
