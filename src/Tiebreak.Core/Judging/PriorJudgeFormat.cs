using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Core.Judging;

/// <summary>
/// The judge kind "priors": class shares and nothing else. It trains in no time, and shows what every other judge must beat.
/// </summary>
public sealed class PriorJudgeFormat : IJudgeFormat
{
    /// <inheritdoc/>
    public string Kind => "priors";

    /// <inheritdoc/>
    public IJudgeTrainer CreateTrainer(Recipe recipe) => recipe.Options.Count == 0
        ? new Trainer()
        : throw new InputException(
            $"The recipe has the unknown key \"{recipe.Options.First().Key}\". Judges of kind \"priors\" have no options.");

    /// <inheritdoc/>
    public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default) =>
        Task.FromResult<IJudge>(new PriorJudge(opening.Manifest.Prior));

    private sealed class Trainer : IJudgeTrainer
    {
        public JsonObject ResolvedOptions => [];

        public bool TakesWeights => true;

        public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default) =>
            Task.FromResult(new TrainedJudge
            {
                Judge = new PriorJudge(SharesOf(job, i => job.IsTarget[i])),
                OutOfFold = job.HeldOut is null ? OutOfFold(job) : null,
                SaveAsync = _ => Task.CompletedTask,
            });

        private static Preference[] OutOfFold(TrainingJob job)
        {
            var outOfFold = new Preference[job.Battles.Count];
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                var prior = SharesOf(job, i => job.IsTarget[i] && job.Folds[i] != fold);
                for (var i = 0; i < outOfFold.Length; i++)
                {
                    if (job.Folds[i] == fold)
                        outOfFold[i] = SwapAveragedJudge.Mean(prior, prior.Swapped());
                }
            }

            return outOfFold;
        }

        private static Preference SharesOf(TrainingJob job, Func<int, bool> counts) => PriorJudge.SharesOf(
            Enumerable.Range(0, job.Battles.Count).Where(counts).Select(i => (job.Battles.Targets[i], job.Weights[i])));
    }
}
