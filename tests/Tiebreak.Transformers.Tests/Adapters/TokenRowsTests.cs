using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Adapters;

/// <summary>Adapters with PEFT's <c>trainable_token_indices</c>: the rows of some tokens take the place of the base's.</summary>
public sealed class TokenRowsTests : IDisposable
{
    private const string Table = "model.embed_tokens.weight";
    private const string Stored = "base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta";
    private const string Grown = "base_model.model.model.embed_tokens.token_adapter.base_layer.weight";
    private const string Head = "base_model.model.lm_head.token_adapter.base_layer.weight";

    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 7, 4, 5, 6, 3, 8]), new("b", [9, 7, 2])];

    private readonly TemporaryFolder _folder = new();

    public TokenRowsTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[7, 3]", "")]
    [InlineData("""{"embed_tokens": [7, 3]}""", "")]
    [InlineData("""{"model.embed_tokens": [7, 3]}""", ".default")] // a state dict that was saved as it is
    public async Task They_take_the_place_of_the_base_s(string indices, string suffix)
    {
        using var scope = NewDisposeScope();
        var rows = Random(2);
        var adapter = Write(indices, tensors => tensors[Stored + suffix] = rows);
        var without = TinyAdapter.Write(_folder);
        var written = WriteInto(without, (7, rows[0]), (3, rows[1]));
        adapter = Write(indices, tensors => tensors[Stored + suffix] = rows);
        Same(written, Logits(adapter));

        _ = await AdapterMerge.RunAsync(_folder.Path, adapter, _folder["merged"]);
        using var merged = TransformerModel.Load(_folder["merged"]);
        Same(written, merged.Compute(Rows).Logits);
    }

    /// <summary>A head that is tied to the embedding has its rows too, as PEFT ties its layers.</summary>
    [Fact]
    public async Task A_tied_head_has_them_too()
    {
        using var scope = NewDisposeScope();
        var rows = Random(2);
        var adapter = WriteGenerator("[7, 3]", tensors => tensors[Stored] = rows);
        using var model = TransformerModel.Load(_folder.Path, adapter: adapter);
        using var files = ModelFiles.Open(_folder.Path, adapter);
        Assert.Equal(HeadKind.Generator, files.HeadKind);
        var table = files.Weights(DType.Float32, CPU).Tensor(Table, 40, 16);
        Assert.True(table[7].allclose(rows[0]));
        Assert.True(table[3].allclose(rows[1]));

        var logits = model.Compute(Rows).Logits;
        _ = await AdapterMerge.RunAsync(_folder.Path, adapter, _folder["merged"]);
        using var merged = TransformerModel.Load(_folder["merged"]);
        Same(logits, merged.Compute(Rows).Logits);
    }

    /// <summary>
    /// New tokens: rows that the base has not. PEFT's files hold the grown table where the base's folder was at hand.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vocabulary_grows(bool holdsTable)
    {
        using var scope = NewDisposeScope();
        var (rows, table) = (Random(3), Random(44));
        var adapter = WriteGenerator("[7, 40, 41]", tensors =>
        {
            tensors[Stored] = rows;
            if (!holdsTable)
                return;
            tensors[Grown] = table;
            tensors[Head] = table.clone();
            tensors[Stored.Replace("delta", "original", StringComparison.Ordinal)] = Random(3);
        });
        using var model = TransformerModel.Load(_folder.Path, adapter: adapter);
        Assert.Equal(holdsTable ? 44 : 42, model.Backbone.VocabularySize);
        TokenSequence[] sequences = [new("new", [1, 41, 2, 7, 40])];
        var logits = model.Compute(sequences).Logits;
        using var files = ModelFiles.Open(_folder.Path, adapter);
        var all = files.Weights(DType.Float32, CPU).Tensor(Table, model.Backbone.VocabularySize, 16);
        Assert.True(all[7].allclose(rows[0]));
        Assert.True(all[41].allclose(rows[2]));
        if (holdsTable)
            Assert.True(all[43].allclose(table[43]));

        _ = await AdapterMerge.RunAsync(_folder.Path, adapter, _folder["merged"]);
        using var merged = TransformerModel.Load(_folder["merged"]);
        Same(logits, merged.Compute(sequences).Logits);
    }

    [Fact]
    public void Rows_that_no_file_holds_are_not_made_up()
    {
        using var scope = NewDisposeScope();
        var adapter = WriteGenerator("[7, 42]", tensors => tensors[Stored] = Random(2));
        var error = Assert.Throws<InputException>(() => TransformerModel.Load(_folder.Path, adapter: adapter));
        Assert.Contains("names the token 42, but no file holds a row for the token 40", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_another_shape_do_not_fit()
    {
        using var scope = NewDisposeScope();
        var adapter = Write("[7, 3]", tensors => tensors[Stored] = Random(3));
        var error = Assert.Throws<InputException>(() => TransformerModel.Load(_folder.Path, adapter: adapter));
        Assert.Contains("trainable_tokens_delta [3, 16] where [2, 16] is needed", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Random(int rows)
    {
        using var generator = new Generator((ulong)rows);
        return TinyAdapter.Random(generator, rows, 16);
    }

    private string Write(string indices, Action<Dictionary<string, Tensor>> change)
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2);
        return TinyAdapter.Write(_folder, config => config["trainable_token_indices"] = JsonNode.Parse(indices), change);
    }

    private string WriteGenerator(string indices, Action<Dictionary<string, Tensor>> change)
    {
        TinyCheckpoint.Write(
            _folder, TinyCheckpoint.Gemma2.Replace("Gemma2ForSequenceClassification", "Gemma2ForCausalLM", StringComparison.Ordinal),
            tensors => tensors.Remove("score.weight"));
        return TinyAdapter.Write(
            _folder,
            config => (config["task_type"], config["trainable_token_indices"]) = ("CAUSAL_LM", JsonNode.Parse(indices)),
            tensors =>
            {
                _ = tensors.Remove(TinyAdapter.Head);
                change(tensors);
            });
    }

    private IReadOnlyList<float[]> WriteInto(string adapter, params (int Token, Tensor Row)[] rows)
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors =>
        {
            foreach (var (token, row) in rows)
                tensors[Table][token] = row;
        });
        return Logits(adapter);
    }

    private IReadOnlyList<float[]> Logits(string adapter)
    {
        using var model = TransformerModel.Load(_folder.Path, adapter: adapter);
        return model.Compute(Rows).Logits;
    }

    private static void Same(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual) => Assert.All(
        expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.Equal(value.First, value.Second, 1e-4f)));
}
