using Tiebreak.Core;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;
using Tiebreak.Transformers.Embeddings;

namespace Tiebreak.Transformers.Tests.Embeddings;

/// <summary>What the files of sentence-transformers and the model card say.</summary>
public sealed class ModelFolderFilesTests : IDisposable
{
    private const string Modules = """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        """;

    private readonly TemporaryFolder _folder = new();

    public ModelFolderFilesTests() => Directory.CreateDirectory(_folder["1_Pooling"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": false}""", EmbeddingPooling.Mean)]
    [InlineData("""{"pooling_mode_cls_token": true}""", EmbeddingPooling.Token)]
    [InlineData("""{"pooling_mode_lasttoken": true, "pooling_mode_mean_tokens": false}""", EmbeddingPooling.Token)]
    public void The_pooling_is_read(string pooling, EmbeddingPooling expected)
    {
        Write(Modules, pooling);
        Assert.Equal(new SentenceSettings(expected, null), SentenceSettings.Read(_folder.Path));
    }

    [Theory]
    [InlineData(EmbeddingPooling.Mean, 12, false)]
    [InlineData(EmbeddingPooling.Token, 512, true)]
    public void What_is_written_is_read_again(EmbeddingPooling pooling, int maxTokens, bool isCausal)
    {
        var settings = new SentenceSettings(pooling, maxTokens);
        SentenceSettings.Write(_folder.Path, settings, hiddenSize: 8, isCausal);
        Assert.Equal(settings, SentenceSettings.Read(_folder.Path));
    }

    [Theory]
    [InlineData("""{"pooling_mode_max_tokens": true}""", "must be false: Tiebreak pools the mean")]
    [InlineData("""{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true}""", "not exactly once")]
    [InlineData("{}", "not exactly once")]
    public void Another_pooling_is_refused(string pooling, string cause)
    {
        Write(Modules, pooling);
        Refused(cause);
    }

    [Theory]
    [InlineData("""[{"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]""", "puts a module Dense behind the model")]
    [InlineData("""[{"path": "../other", "type": "sentence_transformers.models.Pooling"}]""", "names the module ../other")]
    [InlineData("""[{"path": "3_Pooling", "type": "Pooling"}]""", "whose config.json is not in")]
    [InlineData("""[{"path": "1_Pooling"}]""", "is not a list of modules")]
    [InlineData("""{"path": 1}""", "is not a list of modules")]
    [InlineData("[", "is not a list of modules")]
    public void Other_modules_are_refused(string modules, string cause)
    {
        Write(modules, """{"pooling_mode_mean_tokens": true}""");
        Refused(cause);
    }

    [Theory]
    [InlineData("---\nlicense: mit\nlanguage: en\n---\n", "English")]
    [InlineData("---\nlanguage:\n- en\n- de\nlicense: mit\n---\n", "English, German")]
    [InlineData("---\nlanguage: [\"en\", zh]\n---\n", "English, Chinese")]
    [InlineData("---\nlanguage: multilingual\n---\n", "")]
    [InlineData("---\nlicense: mit\n---\nlanguage: en\n", "")]
    [InlineData("language: en\n", "")]
    [InlineData("", "")]
    public void The_languages_are_those_of_the_model_card(string card, string expected)
    {
        _ = _folder.Write("README.md", card);
        Assert.Equal(expected, string.Join(", ", ModelCard.Languages(_folder.Path)));
    }

    private void Write(string modules, string pooling)
    {
        _ = _folder.Write("modules.json", modules);
        _ = _folder.Write("1_Pooling/config.json", pooling);
    }

    private void Refused(string cause) =>
        Assert.Contains(cause, Assert.Throws<InputException>(() => SentenceSettings.Read(_folder.Path)).Message, StringComparison.Ordinal);
}
