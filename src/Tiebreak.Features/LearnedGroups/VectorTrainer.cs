using Tiebreak.Core.Judging;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.TermVectors;
using Tiebreak.Features.WordVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>Trains word vectors on the texts of all battles, then linear models over them on everything and without each fold.</summary>
/// <param name="options">Sizes and penalty.</param>
internal sealed class VectorTrainer(WordVectorOptions options) : ILearnedGroupTrainer
{
    private const int MaxSteps = 200;

    public (ILearnedGroup Group, FeatureMatrix OutOfFold) Train(TrainingJob job, CancellationToken cancellationToken)
    {
        var table = new WordVectorTrainer(options, job.Seed).Train(
            [.. job.Battles.Battles.SelectMany(battle => BattleTexts.Of(battle).All)],
            (done, all) => job.Progress?.Report(new JobProgress("training word vectors", done, all)), cancellationToken);

        var vectoriser = new MeanVectoriser(table);
        var vectors = new BattleVectors[job.Battles.Count];
        Parallel.For(0, vectors.Length, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken },
            i => vectors[i] = vectoriser.Of(job.Battles.Battles[i]));

        var models = LinearFolds.Fit(
            new PairLinearTrainer(table.Dimensions, options.L2, MaxSteps, isDense: true), job, vectors,
            "weighing word vectors", cancellationToken);
        var outOfFold = new FeatureMatrix(vectors.Length, VectorGroup.AllColumns.Length);
        for (var i = 0; i < vectors.Length; i++)
            VectorGroup.Fill(models.OfFold[job.Folds[i]], vectors[i], outOfFold[i]);
        return (new VectorGroup(vectoriser, models.OfEverything), outOfFold);
    }
}
