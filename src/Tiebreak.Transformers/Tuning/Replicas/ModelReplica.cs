using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Training;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning.Replicas;

/// <summary>
/// A copy of a model that learns, on a device and a thread of its own, which computes the gradients of its share of each step. It has no
/// optimiser: its weights are those of the model that it is a copy of, taken over before each step.
/// </summary>
internal sealed class ModelReplica : IDisposable
{
    private readonly TorchWorker _worker;
    private readonly LossModel _model;
    private readonly GradientSums[] _gradients;

    private ModelReplica(TorchWorker worker, LossModel model, GradientSums[] gradients) =>
        (_worker, _model, _gradients) = (worker, model, gradients);

    /// <summary>Loads a copy.</summary>
    /// <param name="threads">Threads of the CPU that it may use.</param>
    /// <param name="load">Loads the model, on the thread of the copy.</param>
    /// <param name="groups">The parameters as the optimiser groups them.</param>
    /// <exception cref="InputException">The model cannot be loaded.</exception>
    public static ModelReplica Start(int threads, Func<LossModel> load, Func<ParameterSet, IReadOnlyList<ParameterGroup>> groups)
    {
        var worker = new TorchWorker("tuning a copy", threads, computesGradients: true);
        try
        {
            return Wait(worker.RunAsync(() =>
            {
                var model = load();
                return new ModelReplica(
                    worker, model, [.. groups(model.Parameters).Select(group => new GradientSums(group.Tensors))]);
            }));
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Takes over the weights, and computes the gradients of its parts of a step.</summary>
    /// <param name="parameters">The weights of the model; they must stay as they are until the result is there.</param>
    /// <param name="parts">Its parts of the step.</param>
    /// <returns>What the parts add to the mean loss and to the mean log loss of the step.</returns>
    public Task<(double Loss, double LogLoss)> ComputeAsync(ParameterSet parameters, IReadOnlyList<StepPart> parts) =>
        _worker.RunAsync(() =>
        {
            using (no_grad())
            {
                foreach (var (name, parameter) in _model.Parameters.Tensors)
                    _ = parameter.copy_(parameters.Tensors[name]);
                foreach (var group in _gradients)
                    _ = group.Sum.zero_();
            }

            return _model.AddGradients(parts, _gradients);
        });

    /// <summary>Adds the gradients of its parts to those of the model, once they are computed.</summary>
    /// <param name="sums">The model's, group by group.</param>
    public void AddTo(IReadOnlyList<GradientSums> sums)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        for (var i = 0; i < _gradients.Length; i++)
            _ = sums[i].Sum.AddInPlace(_gradients[i].Sum.to(sums[i].Sum.device));
    }

    /// <summary>Waits until it has done all that it was asked for, well or not.</summary>
    public void WaitUntilIdle() => _ = Wait(_worker.RunAsync(() => true));

    public void Dispose()
    {
        _ = Wait(_worker.RunAsync(() =>
        {
            _model.Dispose();
            Array.ForEach(_gradients, group => group.Dispose());
            return true;
        }));
        _worker.Dispose();
    }

    // Who asks is the thread of the model, which has nothing else to do.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
