using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning;

/// <summary>How far a training is: what a checkpoint holds beside the model.</summary>
internal sealed class RunProgress
{
    private const string BestName = "best";
    private const string StepsName = "steps";

    private readonly List<(double LogLoss, double SharesLoss)> _steps = [];

    /// <summary>The steps that were taken: the log loss of each, and what the class shares would have had on its battles.</summary>
    public IReadOnlyList<(double LogLoss, double SharesLoss)> Steps => _steps;

    /// <summary>The evaluation with the lowest log loss so far; null: there was none.</summary>
    public (int Step, double LogLoss)? Best { get; set; }

    /// <summary>How far the head has moved in the end; see <see cref="TunedModel.HeadMovement"/>.</summary>
    public double? HeadMovement { get; set; }

    /// <summary>Notes a step.</summary>
    public void Add(double logLoss, double sharesLoss) => _steps.Add((logLoss, sharesLoss));

    /// <summary>Writes a model and its progress: whole or not at all.</summary>
    /// <exception cref="Core.TiebreakException">The disk is full or the place cannot be written.</exception>
    public void Write(string path, TunedModel model)
    {
        using var scope = NewDisposeScope();
        var (bestStep, bestLoss) = Best ?? (-1, 0);
        var steps = Steps.SelectMany(step => new[] { step.LogLoss, step.SharesLoss });
        WriteTensors(
            path,
            [
                .. model.State,
                KeyValuePair.Create(BestName, tensor([bestStep, bestLoss])),
                KeyValuePair.Create(StepsName, tensor([.. steps], [Steps.Count, 2])),
            ]);
    }

    /// <summary>Writes tensors by their names: whole or not at all.</summary>
    public static void WriteTensors(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        SafetensorsWriter.Write(path, tensors.ToDictionary(StringComparer.Ordinal));

    /// <summary>Reads what <see cref="Write"/> wrote, into a model of the same recipe.</summary>
    public static RunProgress Read(string path, TunedModel model)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(path);
        Fill(model.State, checkpoint);
        var progress = new RunProgress();
        var steps = checkpoint.Load(StepsName).data<double>().ToArray();
        for (var i = 0; i < steps.Length; i += 2)
            progress.Add(steps[i], steps[i + 1]);
        var best = checkpoint.Load(BestName).data<double>().ToArray();
        progress.Best = best[0] < 0 ? null : ((int)best[0], best[1]);
        model.ContinueAfter(progress.Steps.Count);
        return progress;
    }

    /// <summary>Fills tensors from a file that holds them by their names.</summary>
    public static void Fill(IEnumerable<KeyValuePair<string, Tensor>> tensors, Checkpoint checkpoint)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        foreach (var (name, tensor) in tensors)
            _ = tensor.copy_(checkpoint.View(name));
    }

    /// <summary>Fills tensors with their mean over files that hold them by their names.</summary>
    public static void FillWithMean(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyList<string> paths)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (names, learned) = (tensors.Select(pair => pair.Key).ToList(), tensors.Select(pair => pair.Value).ToList());
        Tensor[] sums = [.. learned.Select(tensor => zeros_like(tensor, dtype: ScalarType.Float32))];
        foreach (var path in paths)
        {
            using var file = Checkpoint.Open(path);
            for (var i = 0; i < sums.Length; i++)
                _ = sums[i].AddInPlace(file.View(names[i]).to(sums[i].device));
        }

        for (var i = 0; i < sums.Length; i++)
            _ = learned[i].copy_(sums[i].DivideInPlace(paths.Count));
    }
}
