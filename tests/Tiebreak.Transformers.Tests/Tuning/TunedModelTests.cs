using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Tests.Judges;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Tuning;
using Tiebreak.Transformers.Tuning.Noise;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Single steps: what does not depend on how a batch is cut, and what is refused.</summary>
public sealed class TunedModelTests : IDisposable
{
    private static readonly LabelledBattles Battles = new(SyntheticBattles.Create(12));

    private readonly TemporaryFolder _folder = new();

    public TunedModelTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    /// <summary>The same batch at once and a row at a time, with weights of its rows and clipping.</summary>
    [Theory]
    [InlineData("classifier", "full", "none")]
    [InlineData("siamese", "full", "fgm")]
    [InlineData("classifier", "lora", "awp")]
    public void A_step_does_not_depend_on_the_parts_of_its_batch(string head, string method, string adversarial)
    {
        using var scope = NewDisposeScope();
        var (whole, parts) = (Step(100_000), Step(1));
        Assert.Equal(whole.Result.Loss, parts.Result.Loss, 1e-5);
        Assert.Equal(1, whole.Result.GradientNorm / parts.Result.GradientNorm, 1e-3);
        Assert.All(whole.Learned, pair => Assert.True(parts.Learned[pair.Key].allclose(pair.Value, rtol: 1e-3, atol: 1e-4), pair.Key));

        (StepResult Result, Dictionary<string, Tensor> Learned) Step(int batchTokens)
        {
            var options = Options(method) with
            {
                BatchTokens = batchTokens,
                Epsilon = 1e-3,
                ClipNorm = 0.1,
                Dropout = 0,
                Adversarial = new() { Kind = adversarial },
            };
            using var model = Load(head, options, out var input);
            var examples = TuningExamples.Of(
                Battles, input.Sequences, [.. Enumerable.Range(1, 12).Select(i => (double)i)], false, threads: 1, CancellationToken.None);
            TuningRow[] rows = [.. Enumerable.Range(0, 12).Select(i => examples.RowOf(new Example(i, i % 2 == 1, 1)))];
            using var gradients = set_grad_enabled(true);
            var result = model.Learn(rows, battles: 12, rate: 1, steps: 1);
            return (result, Copy(model.Learned));
        }
    }

    /// <summary>Two copies of a model with half of each step, and a third that gets nothing of a step of two rows.</summary>
    [Theory]
    [InlineData("classifier", "full", "none", "cpu,cpu")]
    [InlineData("siamese", "lora", "none", "cpu,cpu,cpu")]
    [InlineData("classifier", "lora", "awp", "cpu,cpu")]
    public void Devices_that_share_a_step_learn_what_one_learns(string head, string method, string adversarial, string devices)
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        var options = Options(method) with { Epsilon = 1e-3, ClipNorm = 0.1, Dropout = 0, Adversarial = new() { Kind = adversarial } };
        using var alone = Load(head, options, out var input);
        using var shared = Load(head, options, out _, devices: devices);
        var rows = Rows(input);
        foreach (var step in new[] { rows, rows[..2], rows[3..] })
        {
            var (first, second) = (alone.Learn(step, step.Length, rate: 1, steps: 3), shared.Learn(step, step.Length, rate: 1, steps: 3));
            Assert.Equal(first.Loss, second.Loss, 1e-5);
            Assert.Equal(first.LogLoss, second.LogLoss, 1e-5);
            Assert.Equal(1, first.GradientNorm / second.GradientNorm, 1e-3);
        }

        var learned = Copy(shared.Learned);
        Assert.All(alone.Learned, pair => Assert.True(learned[pair.Key].allclose(pair.Value, rtol: 1e-3, atol: 1e-4), pair.Key));
        Assert.Equal(alone.Ask(rows)[0][0], shared.Ask(rows)[0][0], 1e-3);
    }

    [Fact]
    public void A_loss_that_is_not_finite_on_another_device_names_its_rows()
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = Load("classifier", Options("full"), out var input, devices: "cpu,cpu");
        var rows = Rows(input);
        for (var wrong = 0; wrong < rows.Length; wrong += 5)
        {
            TuningRow[] damaged = [.. rows];
            damaged[wrong] = damaged[wrong] with { Target = new Preference(double.NaN, 0, 0) };
            var error = Assert.Throws<TiebreakException>(() => model.Learn(damaged, battles: rows.Length, rate: 1, steps: 30));
            Assert.Contains($"not finite, in battles {rows[wrong].Battle.Id}.", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("cpu,cuda:0", "mixes the CPU with others")]
    [InlineData("gpu", "\"gpu\" is no device")]
    public void Other_devices_are_refused(string devices, string said)
    {
        var error = Assert.Throws<InputException>(() => Load("classifier", Options("full"), out _, devices: devices));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    /// <summary>In bfloat16 a step of a thousandth of a weight is lost; the copy in float32 keeps it.</summary>
    [Fact]
    public void Small_steps_add_up_in_bfloat16()
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = Load("classifier", Options("full") with { LearningRate = 1e-4, WeightDecay = 0 }, out var input, "bfloat16");
        var rows = Rows(input);
        var before = Copy(model.Learned);
        for (var i = 0; i < 30; i++)
            _ = model.Learn(rows, battles: rows.Length, rate: 1, steps: 30);
        var moved = model.Learned.Sum(pair => (pair.Value - before[pair.Key]).ne(0).sum().item<long>());
        Assert.InRange(moved / (double)model.Learned.Sum(pair => pair.Value.numel()), 0.3, 1);
        Assert.All(model.Learned, pair => Assert.Equal(ScalarType.BFloat16, pair.Value.dtype));
    }

    /// <summary>The judge is the average; the weights that learn go on from where they were.</summary>
    [Fact]
    public void The_average_of_the_weights_is_asked_and_kept()
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = Load("classifier", Options("full") with { Ema = 0.9 }, out var input);
        var rows = Rows(input);
        var expected = Copy(model.Learned);
        for (var step = 1; step <= 4; step++)
        {
            _ = model.Learn(rows, battles: rows.Length, rate: 1, steps: 4);
            var past = (1.0 + step) / (10 + step); // less than 0.9 in so few steps
            foreach (var (name, value) in model.Learned)
                expected[name] = expected[name].mul(past).add(value.detach().mul(1 - past));
        }

        Assert.All(model.Kept, pair => Assert.True(pair.Value.allclose(expected[pair.Key], rtol: 1e-5, atol: 1e-7), pair.Key));
        var learned = Copy(model.Learned);
        var asked = model.Ask(rows);
        Assert.All(model.Learned, pair => Assert.True(pair.Value.equal(learned[pair.Key]).all().item<bool>(), pair.Key));
        Assert.Contains(model.Kept, pair => !pair.Value.equal(learned[pair.Key]).all().item<bool>());
        model.TakeAverage();
        Assert.Equal(asked, model.Ask(rows));
    }

    [Theory]
    [InlineData("fgm")]
    [InlineData("awp")]
    public void Adversarial_noise_raises_the_loss_and_is_taken_away(string method)
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = Load("classifier", Options("full") with { Adversarial = new() { Kind = method, Size = 0.02 } }, out var input);
        var parameters = model.Parameters;
        var noise = AdversarialNoise.Of(
            method is "fgm" ? AdversarialKind.Embeddings : AdversarialKind.Weights, new AdversarialOptions { Size = 0.02 }, parameters)!;
        var (rows, before) = (Rows(input), Copy(model.Learned));
        var loss = Loss();
        loss.backward();
        var pairs = parameters.Tensors.Values.Select(parameter => (parameter, parameter.grad!.flatten())).ToList();
        using (noise.Move(pairs))
        {
            Assert.True(Loss().item<float>() > loss.item<float>() + 0.001);
            var moved = model.Learned.Where(pair => !pair.Value.equal(before[pair.Key]).all().item<bool>()).Select(pair => pair.Key);
            Assert.Equal(
                method is "fgm"
                    ? ["parameter model.embed_tokens.weight"]
                    : [.. before.Where(pair => pair.Value.dim() > 1).Select(pair => pair.Key)],
                moved);
        }

        Assert.All(model.Learned, pair => Assert.True(pair.Value.equal(before[pair.Key]).all().item<bool>(), pair.Key));
        Assert.Equal([false, true], new[] { 4, 5 }.Select(step =>
            AdversarialNoise.Of(AdversarialKind.Weights, new AdversarialOptions { Start = 0.5 }, parameters)!.IsOn(step, steps: 10)));

        Tensor Loss() => model.Losses(rows).Loss.sum();
    }

    [Fact]
    public void Embeddings_that_do_not_learn_cannot_be_moved()
    {
        var options = Options("lora") with { Adversarial = new() { Kind = "fgm" } };
        var error = Assert.Throws<InputException>(() => Load("classifier", options, out _));
        Assert.Contains("which moves the word embeddings, but they do not learn here", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A gradient that is too large for float16 leaves the step out and halves the factor, until it fits.</summary>
    [Fact]
    public void Float16_learns_with_a_factor_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = Load("classifier", Options("full") with { LearningRate = 1e-3 }, out var input, "float16");
        TuningRow[] rows = Rows(input), heavy = [.. rows.Select(row => row with { Weight = 1000 })];
        var before = Copy(model.Learned);
        Assert.Equal(0, model.Learn(heavy, battles: rows.Length, rate: 1, steps: 40).GradientNorm);
        Assert.All(model.Learned, pair => Assert.True(pair.Value.equal(before[pair.Key]).all().item<bool>(), pair.Key));
        var scale = model.State.Single(pair => pair.Key is "loss scale").Value;
        Assert.Equal([LossScale.First / 2, 0, 1], scale.data<double>().ToArray());

        var left = 1;
        while (model.Learn(heavy, battles: rows.Length, rate: 1, steps: 40).GradientNorm == 0)
            left++;
        Assert.InRange(left, 2, 14);
        Assert.Equal([LossScale.First / Math.Pow(2, left), 1, left], scale.data<double>().ToArray());

        var first = model.Learn(rows, battles: rows.Length, rate: 1, steps: 40);
        StepResult last = first;
        for (var step = 0; step < 25; step++)
            last = model.Learn(rows, battles: rows.Length, rate: 1, steps: 40);
        Assert.True(last.LogLoss < first.LogLoss - 0.02, $"{first.LogLoss} to {last.LogLoss}");
        Assert.All(model.Learned, pair => Assert.Equal(ScalarType.Float16, pair.Value.dtype));
    }

    [Fact]
    public void The_factor_grows_after_many_good_steps_and_does_not_fall_below_one()
    {
        using var scale = new LossScale();
        for (var i = 0; i < LossScale.GoodSteps - 1; i++)
            _ = scale.Update(isFinite: true);
        Assert.Equal(LossScale.First, scale.Factor);
        _ = scale.Update(isFinite: true);
        Assert.Equal(2 * LossScale.First, scale.Factor);
        Assert.Equal([.. Enumerable.Repeat(true, 17), false], Enumerable.Range(0, 18).Select(_ => scale.Update(isFinite: false)));
        Assert.Equal(18, scale.LeftOut);
    }

    [Fact]
    public void Rows_whose_loss_is_not_finite_are_named()
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = Load("classifier", Options("full"), out var input);
        var rows = Rows(input);
        rows[4] = rows[4] with { Target = new Preference(double.PositiveInfinity, 0, 0) };
        rows[7] = rows[7] with { Target = new Preference(double.NaN, 0, 0) };
        var error = Assert.Throws<TiebreakException>(() => model.Learn(rows, battles: rows.Length, rate: 1, steps: 30));
        Assert.Contains($"not finite, in battles {rows[4].Battle.Id}, {rows[7].Battle.Id}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_chosen_layers_change()
    {
        using var model = Load("classifier", Options("full") with { Layers = [-1] }, out _);
        Assert.All(
            model.Parameters.Tensors.Keys.Except(["score.weight"], StringComparer.Ordinal),
            name => Assert.StartsWith("model.layers.1.", name, StringComparison.Ordinal));
        Assert.Contains("model.layers.1.mlp.down_proj.weight", model.Parameters.Tensors.Keys);
    }

    [Theory]
    [InlineData("full", new[] { 5 }, "all-linear", "\"tuning.layers\" names a layer that the model does not have; its layers are 0 to 1")]
    [InlineData("lora", null, "query", "\"tuning.lora.targets\" names no linear layer of the model: query")]
    public void What_the_model_does_not_have_is_refused(string method, int[]? layers, string target, string said)
    {
        var options = Options(method) with { Layers = layers, Lora = new LoraOptions { Targets = [target] } };
        var error = Assert.Throws<InputException>(() => Load("classifier", options, out _));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static TuningOptions Options(string method) =>
        new() { Method = method, LearningRate = 0.01, Lora = new LoraOptions { Dropout = 0 } };

    private static Dictionary<string, Tensor> Copy(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone(), StringComparer.Ordinal);

    private static TuningRow[] Rows(BattleInput input)
    {
        var examples = TuningExamples.Of(
            Battles, input.Sequences, [.. Enumerable.Repeat(1.0, 12)], false, threads: 1, CancellationToken.None);
        return [.. Enumerable.Range(0, 12).Select(i => examples.RowOf(new Example(i, false, 1)))];
    }

    private TunedModel Load(
        string head, TuningOptions options, out BattleInput input, string dtype = "float32", string devices = "cpu")
    {
        var path = Directory.Exists(_folder["gemma"]) ? _folder["gemma"] : TinyModel.Gemma(_folder);
        var keys = new JsonObject { ["model"] = path, ["head"] = head, ["dtype"] = dtype, ["max_tokens"] = 128 };
        var recipe = JudgeRecipe.Read(new Recipe("transformer", keys));
        recipe = recipe with { Tuning = TuningRecipe.Read(recipe.Options with { Tuning = options }) };
        input = BattleInput.Open(recipe, path, chat: null);
        return TunedModel.Load(recipe, input, OpenedModel.ReadingOf(recipe, ReadingParameters.Plain), devices, seed: 3);
    }
}
