using System.CommandLine;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Cli.Verbs;

/// <summary>The published model that embeds texts for a verb.</summary>
internal sealed class EmbedderOption : Option<string?>
{
    /// <summary>The model that is taken where none is named: the smallest that model fetch knows.</summary>
    public const string Usual = "minilm";

    /// <summary>The value of <c>--match</c> that compares texts by what they mean.</summary>
    public const string Meaning = "meaning";

    private const int MostTokens = 512; // as most embedding models were trained

    public EmbedderOption(string use)
        : base("--embedder") => Description = $"Folder of a published embedding model with its tokenizer, or a name of model fetch: {use}";

    /// <summary>Opens the model that a command line names; null where it names none.</summary>
    /// <exception cref="InputException">The folder holds no model and tokenizer that fit together.</exception>
    public Task<TextEmbedder?> OpenAsync(ParseResult parse, Session session, CancellationToken cancellationToken) =>
        OpenAsync(parse.GetValue(this), session, cancellationToken);

    /// <summary>What tells the model that a command line names from others, whatever its folder is called: a hash of its files.</summary>
    public string KeyOf(ParseResult parse)
    {
        var folder = ModelFolder.Of(parse.GetRequiredValue(this)!);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        var hashes = files.SelectMany(file => new[] { Path.GetRelativePath(folder, file), FileSha256.Of(file) });
        return ContentKey.Of([$"{MostTokens}", .. hashes]).ToString();
    }

    /// <summary>Opens a model; null for null.</summary>
    /// <exception cref="InputException">The folder holds no model and tokenizer that fit together.</exception>
    public static async Task<TextEmbedder?> OpenAsync(string? name, Session session, CancellationToken cancellationToken)
    {
        var options = new EmbeddingOptions { MaxTokens = MostTokens, Device = session.Device, Threads = session.Threads };
        return name is null
            ? null
            : await TextEmbedder.OpenAsync(ModelFolder.Of(name), options, cancellationToken: cancellationToken);
    }
}

/// <summary>How alike vectors must be for their texts to mean the same.</summary>
internal sealed class CosineOption : Option<double>
{
    public CosineOption()
        : base("--cosine")
    {
        Description = "With --embedder: least cosine of texts that are alike, above 0 and up to 1.";
        DefaultValueFactory = _ => 0.95;
        Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() is > 0 and <= 1))
                result.AddError("--cosine must be above 0 and at most 1.");
        });
    }
}
