using System.Text;
using CsCheck;
using Tiebreak.Testing;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Golden;
using Tiebreak.Transformers.Tests.Reference;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>Runners differ in when layers are open, not in what they compute.</summary>
public sealed class LayerRunnerTests
{
    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public void Streaming_gives_what_resident_layers_give(string name)
    {
        var golden = new GoldenCase(name);
        using var resident = TransformerModel.Load(golden.Folder, adapter: golden.Adapter);
        using var streamed = TransformerModel.Load(golden.Folder, adapter: golden.Adapter, isStreamed: true);
        Assert.IsType<StreamingRunner>(streamed.Layers);
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        PackedTokens[] batches = [.. golden.Batches.Select(batch => Pack(GoldenCase.Rows(batch.Input)))];
        foreach (var wanted in Enum.GetValues<TokenSelection>())
        {
            var expected = resident.Layers.Forward(batches, wanted);
            var actual = streamed.Layers.Forward(batches, wanted);
            Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.Equals(pair.Second), $"{name}, {wanted}"));
        }

        static PackedTokens Pack((TokenSequence[] Rows, int[] Before, int Length) batch) => new(batch.Rows) { PaddedLength = batch.Length };
    }

    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public void Wanted_tokens_have_the_states_that_they_have_among_all(string name)
    {
        var golden = new GoldenCase(name);
        using var model = TransformerModel.Load(golden.Folder, adapter: golden.Adapter);
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        foreach (var (input, _) in golden.Batches)
        {
            var tokens = new PackedTokens(GoldenCase.Rows(input).Rows);
            var all = model.Layers.Forward(tokens);
            foreach (var wanted in Enum.GetValues<TokenSelection>())
                Near.Equal(tokens.Select(all, wanted), model.Layers.Forward(tokens, wanted));
        }
    }

    [Theory]
    [InlineData(TinyCheckpoint.Gemma2, 60)]
    [InlineData(TinyCheckpoint.Deberta, 400)] // beyond one block of queries
    public void Batches_of_any_lengths(string config, int longest)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, config);
        using var resident = TransformerModel.Load(folder.Path);
        using var streamed = TransformerModel.Load(folder.Path, isStreamed: true);
        var row = Gen.Int[0, 39].Array[1, longest];
        Gen.Select(row.Array[1, 4].Array[1, 3], Gen.Enum<TokenSelection>()).Sample(
            (batches, wanted) =>
            {
                using var mode = inference_mode();
                using var scope = NewDisposeScope();
                PackedTokens[] packed = [.. batches.Select(Pack)];
                var actual = streamed.Layers.Forward(packed, wanted);
                for (var i = 0; i < packed.Length; i++)
                {
                    Assert.True(resident.Layers.Forward(packed[i], wanted).Equals(actual[i]));
                    Near.Equal(packed[i].Select(resident.Layers.Forward(packed[i]), wanted), actual[i]);
                }
            },
            iter: 15,
            threads: 1); // a model is used from one thread at a time

        static PackedTokens Pack(int[][] rows) => new([.. rows.Select((ids, i) => new TokenSequence($"{i}", ids))]);
    }

    [Fact]
    public void The_last_layer_computes_keys_and_values_of_all_tokens_and_the_rest_of_those_wanted()
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        var weights = new CalibrationWeights(new RandomWeights(seed: 1), (name, input, _) =>
        {
            rows[name] = input.shape[0];
            return null;
        });
        var config = ModelConfig.Parse(Encoding.UTF8.GetBytes(TinyCheckpoint.Gemma2), "config.json");
        using var model = TransformerModel.Create(config, HeadKind.Classifier, weights);
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        _ = model.Layers.Forward(new PackedTokens([new("a", [1, 2, 3]), new("b", [4, 5])]), model.Backbone.Pooling);

        Assert.All(rows.Where(row => row.Key.Contains("layers.0.", StringComparison.Ordinal)), row => Assert.Equal(5, row.Value));
        string[] ofAll = ["model.layers.1.self_attn.k_proj", "model.layers.1.self_attn.v_proj"];
        Assert.Equal(7, rows.Keys.Count(name => name.Contains("layers.1.", StringComparison.Ordinal)));
        Assert.All(
            rows.Where(row => row.Key.Contains("layers.1.", StringComparison.Ordinal)),
            row => Assert.Equal(ofAll.Contains(row.Key, StringComparer.Ordinal) ? 5 : 2, row.Value));
    }

    [Fact]
    public void Streaming_opens_the_next_layer_while_one_runs_for_all_batches()
    {
        var backbone = new CountedLayers(layers: 3);
        using var runner = new StreamingRunner(backbone);
        using var scope = NewDisposeScope();
        _ = runner.Forward([new PackedTokens([new("a", [1])]), new PackedTokens([new("b", [2, 3])])], TokenSelection.All);
        for (var i = 0; i < 3; i++)
        {
            var opened = At($"open {i}");
            Assert.Equal(2, backbone.Events.Count(name => string.Equals(name, $"run {i}", StringComparison.Ordinal)));
            Assert.True(opened < At($"run {i}") && backbone.Events.LastIndexOf($"run {i}") < At($"free {i}"));
            Assert.True(i == 0 || (At($"free {i - 1}") < At($"run {i}") && (i == 1 || At($"free {i - 2}") < opened)));
        }

        int At(string name) => backbone.Events.IndexOf(name);
    }

    [Fact]
    public void Streaming_frees_its_layer_and_states_when_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var backbone = new CountedLayers(layers: 3) { OnRun = stop.Cancel };
        using var runner = new StreamingRunner(backbone);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        PackedTokens[] batches = [new([new("a", [1])]), new([new("b", [2, 3])])];
        _ = Assert.Throws<OperationCanceledException>(() => runner.Forward(batches, TokenSelection.All, observe: null, stop.Token));
        Assert.Single(backbone.Events, name => name.StartsWith("run", StringComparison.Ordinal));
        Assert.Equal(["free 0", "free 1"], backbone.Events.Where(name => name.StartsWith("free", StringComparison.Ordinal)));
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_layer_that_cannot_be_opened_ends_the_computation()
    {
        var backbone = new CountedLayers(layers: 3) { OnOpen = index => Assert.NotEqual(2, index) };
        using var runner = new StreamingRunner(backbone);
        _ = Assert.Throws<Xunit.Sdk.NotEqualException>(() => runner.Forward(new PackedTokens([new("a", [1])])));
        Assert.Equal(["free 0", "free 1"], backbone.Events.Where(name => name.StartsWith("free", StringComparison.Ordinal)));
    }

    /// <summary>A stack whose layers add 1 and note when they are opened, run and freed.</summary>
    private sealed class CountedLayers(int layers) : Backbone
    {
        private readonly Lock _lock = new(); // layers are opened and freed on another thread than they run on

        public List<string> Events { get; } = [];

        public Action<int>? OnOpen { get; init; }

        public Action? OnRun { get; init; }

        public override int VocabularySize => 10;

        public override int HiddenSize => 1;

        public override int LayerCount => layers;

        public override int? MaxPositions => null;

        public override bool IsCausal => true;

        public override TokenSelection Pooling => TokenSelection.LastToken;

        internal override Tensor Embed(PackedTokens tokens) => tokens.Ids(CPU).unsqueeze(1);

        internal override Layer OpenLayer(int index)
        {
            OnOpen?.Invoke(index);
            Note($"open {index}");
            return new CountedLayer(this, index);
        }

        private void Note(string name)
        {
            lock (_lock)
                Events.Add(name);
        }

        private sealed class CountedLayer(CountedLayers stack, int index) : Layer
        {
            public override Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted)
            {
                stack.Note($"run {index}");
                stack.OnRun?.Invoke();
                return hidden + 1;
            }

            protected override void Dispose(bool disposing)
            {
                stack.Note($"free {index}");
                base.Dispose(disposing);
            }
        }
    }
}
