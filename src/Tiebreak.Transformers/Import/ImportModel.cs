using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Import;

/// <summary>
/// Writes the model of an ONNX file as a checkpoint's folder in Hugging Face's layout: the weights under PyTorch's names, and beside them
/// what other files say of the model: configuration, tokenizer, pooling, licence.
/// </summary>
internal sealed record ImportModel
{
    private const string ConfigFile = "config.json";
    private const string TokenizerSettings = "tokenizer_config.json";
    private const string FirstTensor = "embeddings.word_embeddings.weight";

    // What people are told about a model.
    private static readonly string[] Cards = ["README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE"];

    /// <summary>The ONNX file: an encoder, exported from PyTorch as it is.</summary>
    public required string Onnx { get; init; }

    /// <summary>The model's <c>config.json</c>, which says what the graph does not: attention heads, kind of model.</summary>
    public required string Config { get; init; }

    /// <summary>The model's tokenizer: a folder, or one file of it.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>The folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>
    /// How embeddings are pooled; null for what the files of sentence-transformers beside <see cref="Config"/> say, if there are any.
    /// </summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <summary>
    /// The <c>config.json</c> that belongs to an ONNX file: beside it, or one folder up, where repositories keep what several files share.
    /// </summary>
    /// <param name="onnx">The ONNX file.</param>
    /// <returns>The file; null where there is none.</returns>
    public static string? ConfigOf(string onnx)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(onnx))!;
        return new[] { folder, Path.GetDirectoryName(folder) }.OfType<string>()
            .Select(place => Path.Combine(place, ConfigFile)).FirstOrDefault(File.Exists);
    }

    /// <summary>Imports.</summary>
    /// <exception cref="InputException">The file is no plain export of the model that the configuration describes.</exception>
    /// <exception cref="TiebreakException">The folder cannot be written.</exception>
    public async Task<ImportReport> RunAsync(CancellationToken cancellationToken = default)
    {
        CheckpointFolder.Check(Out, FolderOf(Config));
        foreach (var path in (string[])[Onnx, Config])
        {
            if (!File.Exists(path))
                throw new InputException($"{path} is not there.");
            ForeignContent.Refuse(path);
        }

        TorchRuntime.Start();
        using var file = new MappedFile(Onnx);
        var config = ModelConfig.ReadFile(Config);
        var tensors = Tensors(config, OnnxWeights.Of(OnnxGraph.Read(file)));
        await AtomicFolder.WriteAsync(Out, folder =>
        {
            File.Copy(Config, Path.Combine(folder, ConfigFile));
            CopyTokenizer(folder);
            CopyFilesAbout(folder);
            ShardedWriter.Write(folder, [.. tensors.Select(tensor => Pending(file, tensor))]);
            cancellationToken.ThrowIfCancellationRequested();
            Complete(folder, config);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return new ImportReport(
            Out, config.ModelType, tensors.Count, tensors.Sum(tensor => tensor.Count), SentenceSettings.Read(Out).Pooling switch
            {
                EmbeddingPooling.Mean => "mean",
                EmbeddingPooling.Token => "token",
                _ => null,
            });
    }

    private static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    private static HeadKind KindOf(ModelConfig config) => ModelFiles.HeadKindOrNull(config) ?? HeadKind.None;

    /// <summary>All tensors that the graph names, under the names of the family: those of the model, and what has no part in it.</summary>
    private List<TensorEntry> Tensors(ModelConfig config, IReadOnlyDictionary<string, TensorEntry> exported)
    {
        var family = ModelFamilies.Of(config);
        var wrapper = WrapperOf(exported.Keys, family is EncoderFamily encoder ? encoder.Options(config).Names.Prefix : "");
        var tensors = exported.Values.Select(tensor => tensor with { Name = Unwrapped(tensor.Name) })
            .OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        var plan = new WeightPlan(tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal).Contains);
        TransformerModel.Create(config, KindOf(config), plan).Dispose();
        var difference = CheckpointDifference.Between(
            tensors, plan.Asked.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal));
        difference = difference with { Unused = [.. difference.Unused.Where(name => !family.Ignores(name))] };
        return !difference.IsFatal && difference.Unused.Count == 0
            ? tensors
            : throw new InputException(
                $"{Onnx} does not hold the {config.ModelType} model that {config.Path} describes: {difference}. "
                + "Name the config.json of this very model.");

        string Unwrapped(string name) => name.StartsWith(wrapper, StringComparison.Ordinal) ? name[wrapper.Length..] : name;
    }

    /// <summary>
    /// What stands before the names of a model that was exported inside another module: <c>0.auto_model.</c>, but not the prefix that the
    /// family's own classes with a head put there.
    /// </summary>
    private static string WrapperOf(IEnumerable<string> names, string familyPrefix)
    {
        var first = names.Order(StringComparer.Ordinal).FirstOrDefault(name => name.EndsWith(FirstTensor, StringComparison.Ordinal));
        var prefix = first?[..^FirstTensor.Length] ?? "";
        return prefix.EndsWith(familyPrefix, StringComparison.Ordinal) ? prefix[..^familyPrefix.Length] : prefix;
    }

    private static PendingTensor Pending(MappedFile file, TensorEntry tensor) => new(tensor.Name, tensor.Type, tensor.Shape, () =>
    {
        // Copied, because a protocol buffer puts its bytes anywhere, and tensors want theirs at multiples of an element's size.
        var values = empty(tensor.Count, dtype: tensor.Type.ToScalarType());
        file.Slice(tensor.Offset, checked((int)tensor.ByteCount)).CopyTo(values.bytes);
        return values.as_strided([.. tensor.Shape], [.. tensor.Strides]);
    });

    private void CopyTokenizer(string folder)
    {
        if (Directory.Exists(Tokenizer))
        {
            foreach (var file in Directory.EnumerateFiles(Tokenizer).Where(file => CheckpointFiles.IsTokenizer(Path.GetFileName(file))))
                Copy(file, folder);
            return;
        }

        if (!File.Exists(Tokenizer))
            throw new InputException($"`tokenizer` {Tokenizer} is neither a folder nor a file.") { Parameters = ["tokenizer"] };
        if (!CheckpointFiles.IsTokenizer(Path.GetFileName(Tokenizer)))
        {
            throw new InputException(
                $"`tokenizer` {Tokenizer} has not the name that a model's folder gives such a file; call it vocab.txt, tokenizer.json, "
                + "tokenizer.model or as it was published.")
            {
                Parameters = ["tokenizer"],
            };
        }

        Copy(Tokenizer, folder);
        var settings = Path.Combine(FolderOf(Tokenizer), TokenizerSettings);
        if (File.Exists(settings) && Path.GetFileName(Tokenizer) is not TokenizerSettings)
            Copy(settings, folder);
    }

    private void CopyFilesAbout(string folder)
    {
        var source = FolderOf(Config);
        foreach (var name in Cards.Concat(SentenceSettings.Files).Where(name => File.Exists(Path.Combine(source, name))))
        {
            var target = Path.Combine(folder, name);
            Directory.CreateDirectory(FolderOf(target));
            File.Copy(Path.Combine(source, name), target);
        }
    }

    private static void Copy(string file, string folder) => File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

    /// <summary>Opens what was written, so that whatever does not fit is said now.</summary>
    private void Complete(string folder, ModelConfig config)
    {
        _ = TokenizerFile.Open(folder);
        using var model = TransformerModel.Load(folder, head: KindOf(config));
        var stated = new SentenceSettings(Pooling, MaxTokens: null);
        SentenceSettings.Write(folder, stated, model.Backbone.HiddenSize, model.Backbone.IsCausal);
    }
}

/// <summary>What was imported.</summary>
/// <param name="Out">The folder that was written.</param>
/// <param name="ModelType">The family: <c>bert</c>.</param>
/// <param name="Tensors">Tensors that were written.</param>
/// <param name="Parameters">Their elements.</param>
/// <param name="Pooling">How its folder says that embeddings are pooled: mean or token; null where it does not say.</param>
internal sealed record ImportReport(string Out, string ModelType, int Tensors, long Parameters, string? Pooling);
