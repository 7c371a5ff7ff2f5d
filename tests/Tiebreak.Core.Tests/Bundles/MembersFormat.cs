using System.Text.Json.Nodes;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Tests.Bundles;

/// <summary>A kind whose bundles hold two bundles of other kinds; its judge takes the mean of their preferences.</summary>
/// <param name="first">Where the first member computes.</param>
/// <param name="second">Where the second member computes.</param>
internal sealed class MembersFormat(Placement first, Placement second) : IJudgeFormat
{
    public string Kind => "members";

    public IJudgeTrainer CreateTrainer(Recipe recipe) =>
        throw new NotSupportedException("Members are trained by themselves; see MembersTrainer.");

    public async Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default) => new MeanJudge(
        await opening.OpenNestedAsync("members/0", first, cancellationToken),
        await opening.OpenNestedAsync("members/1", second, cancellationToken));

    /// <summary>Makes a bundle of two that lie elsewhere.</summary>
    public sealed class MembersTrainer(JudgeRegistry registry, string first, string second) : IJudgeTrainer
    {
        public JsonObject ResolvedOptions => [];

        public async Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
        {
            var judge = new MeanJudge(
                await Bundle.OpenAsync(first, registry, cancellationToken: cancellationToken),
                await Bundle.OpenAsync(second, registry, cancellationToken: cancellationToken));
            return new TrainedJudge
            {
                Judge = judge,
                OutOfFold = await judge.JudgeAsync(job.Battles.Battles, progress: null, cancellationToken),
                SaveAsync = folder => Task.Run(() =>
                {
                    Copy(first, Path.Combine(folder, "members", "0"));
                    Copy(second, Path.Combine(folder, "members", "1"));
                }, CancellationToken.None),
            };
        }

        private static void Copy(string bundle, string target)
        {
            Directory.CreateDirectory(target);
            foreach (var file in Directory.EnumerateFiles(bundle))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }

    private sealed class MeanJudge(Bundle first, Bundle second) : IJudge
    {
        public JudgeTraits Traits { get; } = new();

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) =>
            request.AnswerAsync(
                async (battles, _) =>
                {
                    var one = await first.Judge.JudgeAsync(battles, progress: null, cancellationToken);
                    var other = await second.Judge.JudgeAsync(battles, progress: null, cancellationToken);
                    return [.. one.Zip(other, SwapAveragedJudge.Mean).Select(JudgeOutcome.Of)];
                },
                isSymmetric: false);

        public async ValueTask DisposeAsync()
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
        }
    }
}
