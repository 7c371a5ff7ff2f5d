using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Tests.Golden;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>
/// Three steps of AdamW on a LoRA adapter and its head give what PEFT and PyTorch gave: losses, logits, gradients and parameters.
/// </summary>
public sealed class GoldenTrainingTests
{
    [Theory]
    [InlineData("train_llama", false)]
    [InlineData("train_gemma2", false)]
    [InlineData("train_gemma2", true)]
    public async Task Three_steps_are_those_of_PEFT(string name, bool isCheckpointed)
    {
        var golden = new GoldenCase(name, inputs: "train.json");
        using var worker = new TorchWorker("training", computesGradients: true);
        _ = await worker.RunAsync(() => Train(golden, isCheckpointed), TestContext.Current.CancellationToken);
    }

    private static bool Train(GoldenCase golden, bool isCheckpointed)
    {
        var reading = new LabelReading([0, 1, 2], isFixed: true, ReadingParameters.Plain);
        using var model = TrainableModel.Create(
            ModelFiles.Open(golden.Folder, golden.Adapter), new TrainableModelOptions { IsCheckpointed = isCheckpointed });
        using var optimiser = OptimiserOf(model.Parameters, golden.Inputs["optimizer"]!);
        var (batches, steps) = (golden.Inputs["batches"]!.AsArray(), golden.Expected["steps"]!.AsArray());
        for (var i = 0; i < steps.Count; i++)
        {
            using var scope = NewDisposeScope();
            var (batch, step) = (batches[i]!.AsObject(), steps[i]!);
            var outputs = model.Outputs(GoldenCase.Rows(batch).Rows);
            Near(step["logits"]!, outputs, golden.LogitsTolerance, $"logits of step {i + 1}");

            var loss = new PreferenceLoss(reading).Of(outputs, TargetsOf(batch)).Loss.mean();
            loss.backward();
            Assert.Equal((double)step["loss"]!, loss.item<float>(), Tolerance(golden, "loss_atol"));
            CheckGradientNorms(golden, model.Parameters, step["grad_norms"]!.AsObject());
            if (i == 0)
                CheckGradients(golden, model.Parameters);

            optimiser.Accumulate();
            optimiser.Step();
            if (i == 0)
                CheckParameters(golden, model.Parameters, "after_step1");
        }

        CheckParameters(golden, model.Parameters, "after_step3");
        using var mode = no_grad();
        for (var i = 0; i < batches.Count; i++)
        {
            var logits = model.Outputs(GoldenCase.Rows(batches[i]!.AsObject()).Rows);
            Near(golden.Expected["final_logits"]![i]!, logits, golden.LogitsTolerance, $"final logits of batch {i + 1}");
        }

        return true;
    }

    private static AdamW OptimiserOf(ParameterSet parameters, JsonNode optimizer)
    {
        var group = new ParameterGroup(
            [.. parameters.Tensors.Values], (double)optimizer["lr"]!, (double)optimizer["weight_decay"]!);
        return new AdamW(
            [group],
            new AdamWOptions
            {
                MeanDecay = (double)optimizer["beta1"]!,
                SquareDecay = (double)optimizer["beta2"]!,
                Epsilon = (double)optimizer["eps"]!,
            });
    }

    private static Tensor TargetsOf(JsonObject batch) =>
        eye(3).index_select(0, tensor([.. batch["labels"]!.AsArray().Select(label => (long)label!)]));

    private static void CheckGradientNorms(GoldenCase golden, ParameterSet parameters, JsonObject expected)
    {
        var names = expected.Select(norm => norm.Key).Order(StringComparer.Ordinal);
        Assert.Equal(names, parameters.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, norm) in expected)
            Assert.Equal(1, parameters.Tensors[name].grad!.norm().item<float>() / (double)norm!, Tolerance(golden, "grad_norm_rtol"));
    }

    private static void CheckGradients(GoldenCase golden, ParameterSet parameters)
    {
        using var expected = FileOf(golden, "grads_step1");
        foreach (var (name, tensor) in parameters.Tensors)
        {
            var wanted = expected.View(name);
            var largest = wanted.abs().max().item<float>();
            var difference = (tensor.grad! - wanted).abs().max().item<float>();
            Assert.True(difference <= Tolerance(golden, "grad_max_rel_to_tensor_max") * largest, $"{name}: {difference} of {largest}");
        }
    }

    private static void CheckParameters(GoldenCase golden, ParameterSet parameters, string file)
    {
        using var expected = FileOf(golden, file);
        foreach (var (name, tensor) in parameters.Tensors)
        {
            var difference = (tensor - expected.View(name)).abs().max().item<float>();
            Assert.True(difference <= Tolerance(golden, "param_atol"), $"{name} {file}: {difference}");
        }
    }

    private static Checkpoint FileOf(GoldenCase golden, string key) =>
        Checkpoint.Open(Path.Combine(golden.Folder, (string)golden.Expected["files"]![key]!));

    private static double Tolerance(GoldenCase golden, string key) => (double)golden.Expected["tolerance"]![key]!;

    private static void Near(JsonNode expected, Tensor actual, double tolerance, string what)
    {
        double[] wanted = [.. expected.AsArray().SelectMany(row => row!.AsArray()).Select(value => (double)value!)];
        var difference = (actual.flatten().to(ScalarType.Float64) - tensor(wanted)).abs().max().item<double>();
        Assert.True(difference <= tolerance, $"{what}: {difference}");
    }
}
