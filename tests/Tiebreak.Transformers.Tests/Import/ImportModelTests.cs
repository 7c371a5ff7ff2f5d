using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Tests.Import;

public sealed class ImportModelTests : IDisposable
{
    private const string Query = "encoder.layer.1.attention.self.query.weight";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<LinearForm, string> Forms => new MatrixTheoryData<LinearForm, string>(
        Enum.GetValues<LinearForm>(), ["", "bert.", "0.auto_model.", "model.bert."]);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_folder_has_the_models_tensors_under_their_names(LinearForm form, string wrapper)
    {
        var model = new TinyOnnx();
        var report = await ImportAsync(model.Write(form, wrapper));

        Assert.Equal((model.Tensors.Count, model.Tensors.Sum(tensor => tensor.Value.Values.LongLength)), (report.Tensors, report.Parameters));
        using var checkpoint = Checkpoint.Open(_folder["out"]);
        var prefix = wrapper.EndsWith("bert.", StringComparison.Ordinal) ? "bert." : "";
        Assert.Equal(
            model.Tensors.Keys.Select(name => prefix + name).Order(StringComparer.Ordinal), checkpoint.Entries.Select(entry => entry.Name));
        foreach (var (name, (shape, values)) in model.Tensors)
        {
            using var tensor = checkpoint.Load(prefix + name);
            Assert.Equal(shape, tensor.shape);
            Assert.Equal(values, tensor.data<float>().ToArray());
        }
    }

    [Fact]
    public async Task A_classifier_keeps_its_head()
    {
        var config = TinyOnnx.Config.Replace("BertModel", "BertForSequenceClassification", StringComparison.Ordinal);
        var model = new TinyOnnx(config, HeadKind.Classifier);
        await ImportAsync(model.Write(LinearForm.Gemm), config);

        using var loaded = TransformerModel.Load(_folder["out"]);
        var row = new TokenSequence("1", [2, 6, 7, 3]);
        Assert.Equal(2, loaded.Compute([row]).Logits[0].Length);
    }

    [Fact]
    public async Task Equal_parameters_that_are_stored_once_are_given_again()
    {
        var model = new TinyOnnx();
        var (one, other) = ("encoder.layer.0.output.dense.bias", "encoder.layer.1.output.dense.bias");
        await ImportAsync(new TinyOnnx().Without(other).With(OnnxMessage.Node("Identity", [one], other)).Write());

        using var checkpoint = Checkpoint.Open(_folder["out"]);
        using var tensor = checkpoint.Load(other);
        Assert.Equal(model.Tensors[one].Values, tensor.data<float>().ToArray());
    }

    [Theory]
    [InlineData(null, EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Mean, EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Token, EmbeddingPooling.Token)]
    public async Task Texts_are_pooled_as_the_folder_says(EmbeddingPooling? stated, EmbeddingPooling expected)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await ImportAsync(new TinyOnnx().Write(), pooling: stated);

        var options = new EmbeddingOptions { MaxTokens = 16, Threads = 1 };
        await using var byFolder = await TextEmbedder.OpenAsync(_folder["out"], options, cancellationToken: cancellation);
        await using var byName = await TextEmbedder.OpenAsync(_folder["out"], options, expected, cancellationToken: cancellation);
        string[] texts = ["seven is a prime number."];
        Assert.Equal(await byName.EmbedAsync(texts, cancellation), await byFolder.EmbedAsync(texts, cancellation));
    }

    [Fact]
    public async Task An_encoder_without_a_head_can_be_packed_and_is_pooled_as_before()
    {
        await ImportAsync(new TinyOnnx().Write(), pooling: EmbeddingPooling.Token);
        var quantization = new QuantizeModel
        {
            Model = _folder["out"],
            Out = _folder["packed"],
            Options = new QuantizationOptions { Format = QuantizationFormat.Int8 },
            Compared = [new TokenSequence("1", [2, 6, 7, 3])],
        };

        var report = await quantization.RunAsync(TestContext.Current.CancellationToken);
        Assert.Null(report.Drift); // there are no preferences
        Assert.Equal(12, report.Layers);
        Assert.Equal(EmbeddingPooling.Token, SentenceSettings.Read(_folder["packed"]).Pooling);
        TransformerModel.Load(_folder["packed"], head: HeadKind.None).Dispose();
    }

    [Fact]
    public async Task Files_about_the_model_come_along()
    {
        _ = Directory.CreateDirectory(_folder["onnx"]);
        _ = Directory.CreateDirectory(_folder["1_Pooling"]);
        _ = _folder.Write("README.md", "---\nlicense: apache-2.0\n---\n");
        _ = _folder.Write("sentence_bert_config.json", """{"max_seq_length": 9}""");
        _ = _folder.Write("modules.json", """[{"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]""");
        _ = _folder.Write("1_Pooling/config.json", """{"pooling_mode_cls_token": true}""");
        var onnx = TinyOnnx.WriteFolder(_folder, new TinyOnnx().Write());
        File.Move(onnx, _folder["onnx/model.onnx"]);

        var config = ImportModel.ConfigOf(_folder["onnx/model.onnx"])!;
        Assert.Equal(_folder["config.json"], config);
        await Import(_folder["onnx/model.onnx"], config).RunAsync(TestContext.Current.CancellationToken);
        Assert.True(File.Exists(_folder["out/README.md"]));
        Assert.Equal(new SentenceSettings(EmbeddingPooling.Token, 9), SentenceSettings.Read(_folder["out"]));
    }

    [Theory]
    [InlineData("MatMulInteger", "", "computes with MatMulInteger: it was quantised or optimised")]
    [InlineData("DequantizeLinear", "", "computes with DequantizeLinear")]
    [InlineData("Attention", "com.microsoft", "computes with com.microsoft.Attention")]
    public Task A_file_that_is_no_plain_export_is_refused(string type, string domain, string cause) =>
        RefusedAsync(new TinyOnnx().With(OnnxMessage.Node(type, ["/a", "/b"], "/c", domain)).Write(), cause);

    [Fact]
    public Task A_matrix_without_name_and_bias_is_refused() => RefusedAsync(
        new TinyOnnx().WithTensor(OnnxMessage.Tensor("onnx::MatMul_1", [2, 2], [1, 2, 3, 4]))
            .With(OnnxMessage.Node("MatMul", ["/x", "onnx::MatMul_1"], "/y")).Write(),
        "the matrix onnx::MatMul_1 [2, 2] has no name of a layer, nor has a bias behind it");

    [Fact]
    public Task Two_matrices_before_one_bias_are_refused() => RefusedAsync(
        new TinyOnnx().WithTensor(OnnxMessage.Tensor("onnx::MatMul_1", [8, 8], new float[64]))
            .With(OnnxMessage.Node("MatMul", ["/x", "onnx::MatMul_1"], "/y"))
            .With(OnnxMessage.Node("Add", ["/y", Query.Replace("weight", "bias", StringComparison.Ordinal)], "/z")).Write(),
        $"two matrices go by the name {Query}");

    [Fact]
    public Task A_layer_that_the_model_does_not_have_is_refused() => RefusedAsync(
        new TinyOnnx().WithTensor(OnnxMessage.Tensor("2.linear.weight", [4, 8], new float[32]))
            .With(OnnxMessage.Node("Gemm", ["/x", "2.linear.weight"], "/y", "", OnnxMessage.Attribute("transB", 1))).Write(),
        "does not hold the bert model that", "1 unused: 2.linear.weight");

    [Fact]
    public Task Weights_in_another_file_are_refused() => RefusedAsync(
        new TinyOnnx().WithTensor(new OnnxMessage().Number(2, 1).Number(1, 3).Text(8, "big.weight").Number(14, 1).ToArray()).Write(),
        "keeps big.weight in another file (external data); Tiebreak reads");

    [Fact]
    public Task A_shape_that_the_bytes_do_not_fill_is_refused() => RefusedAsync(
        new TinyOnnx().WithTensor(OnnxMessage.Tensor("x.weight", [3], [1, 2])).Write(), "the 8 bytes of tensor x.weight do not fill");

    [Fact]
    public Task A_name_that_comes_twice_is_refused() => RefusedAsync(
        new TinyOnnx().WithTensor(OnnxMessage.Tensor("x", [1], [1])).WithTensor(OnnxMessage.Tensor("x", [1], [1])).Write(),
        "holds the tensor x twice");

    [Fact]
    public Task The_configuration_of_another_model_is_refused() => RefusedWithAsync(
        new TinyOnnx().Write(),
        TinyOnnx.Config.Replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", StringComparison.Ordinal),
        "16 missing: encoder.layer.2.", "Name the config.json of this very model");

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("<!doctype html>", "is a web page")]
    [InlineData("\n\u0003abc", "holds no graph")]
    [InlineData("something else", "is not a whole ONNX model")]
    public Task Something_else_in_its_place_is_named(string content, string cause) =>
        RefusedAsync(System.Text.Encoding.UTF8.GetBytes(content), cause);

    [Fact]
    public async Task What_is_there_stays_where_an_import_fails()
    {
        await ImportAsync(new TinyOnnx().Write());
        var before = await File.ReadAllBytesAsync(_folder["out/model.safetensors"], TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InputException>(() => ImportAsync(new TinyOnnx().Write()[..500]));
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["out/model.safetensors"], TestContext.Current.CancellationToken));
        Assert.Equal(4, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused() => Fuzz(seconds: 1);

    [SlowFact]
    public void A_damaged_file_is_read_or_refused_for_long() => Fuzz(FuzzTime.LongSeconds);

    private void Fuzz(int seconds)
    {
        var good = new TinyOnnx().Write();
        var damages = Gen.Select(
            Gen.Int[0, Damage.Kinds - 1], Gen.Int[0, good.Length], Gen.Byte, (kind, place, value) => new Damage(kind, place, value))
            .Array[0, 4];
        using var time = new FuzzTime("onnx");
        damages.Sample(
            damage => time.Read(damage, () =>
            {
                var path = _folder[$"{Guid.NewGuid():N}.onnx"];
                File.WriteAllBytes(path, Damage.Apply(good, damage));
                try
                {
                    using var file = new MappedFile(path);
                    foreach (var tensor in OnnxWeights.Of(OnnxGraph.Read(file)).Values)
                        Assert.Equal(tensor.ByteCount, file.Slice(tensor.Offset, (int)tensor.ByteCount).Length);
                }
                catch (InputException)
                {
                    // Refused in a sentence.
                }

                File.Delete(path);
            }),
            time: seconds,
            threads: 2);
    }

    private ImportModel Import(string onnx, string config, EmbeddingPooling? pooling = null) => new()
    {
        Onnx = onnx,
        Config = config,
        Tokenizer = _folder["vocab.txt"],
        Out = _folder["out"],
        Pooling = pooling,
    };

    private Task<ImportReport> ImportAsync(byte[] onnx, string config = TinyOnnx.Config, EmbeddingPooling? pooling = null) =>
        Import(TinyOnnx.WriteFolder(_folder, onnx, config), _folder["config.json"], pooling).RunAsync(TestContext.Current.CancellationToken);

    private Task RefusedAsync(byte[] onnx, params string[] causes) => RefusedWithAsync(onnx, TinyOnnx.Config, causes);

    private async Task RefusedWithAsync(byte[] onnx, string config, params string[] causes)
    {
        var refusal = await Assert.ThrowsAsync<InputException>(() => ImportAsync(onnx, config));
        Assert.All(causes, cause => Assert.Contains(cause, refusal.Message, StringComparison.Ordinal));
        Assert.Contains("model.onnx", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }
}
