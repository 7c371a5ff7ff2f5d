using System.Text.Json.Nodes;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

/// <summary>A small feature judge, trained once for all tests that only read it.</summary>
public sealed class TrainedFeatureJudge : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public TrainingOutcome Outcome { get; private set; } = null!;

    public string Bundle => _folder["judge"];

    public static Task<TrainingOutcome> TrainAsync(
        string folder, int threads, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var options = JsonNode.Parse("""{"boosting":{"rounds":60,"patience":20,"min_rows_in_leaf":10},"terms":{"l2":1}}""")!.AsObject();
        return new JudgeTraining
        {
            Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", options)),
            Kind = "feature",
            Out = folder,
            Data = [],
            Placement = new() { Threads = threads },
        }.RunAsync(new LabelledBattles(SyntheticBattles.Create(300)), progress, cancellationToken);
    }

    /// <summary>Copies the bundle for a test that damages it.</summary>
    public void CopyTo(string folder)
    {
        foreach (var file in Directory.GetFiles(Bundle))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    public async ValueTask InitializeAsync() => Outcome = await TrainAsync(Bundle, threads: 2);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
