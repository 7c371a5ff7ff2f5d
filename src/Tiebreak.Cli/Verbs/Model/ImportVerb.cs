using System.CommandLine;
using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class ImportVerb : Verb
{
    private readonly Argument<string> _onnx = new("file") { Description = "The ONNX file of an encoder, exported as it is: model.onnx." };
    private readonly Option<string> _out = new("--out") { Description = "The folder to write.", Required = true };
    private readonly Option<string?> _config = new("--config")
    {
        Description = "The model's config.json. Default: the one beside the file or one folder up.",
    };
    private readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "The model's tokenizer: a folder or a file, such as vocab.txt. Default: what lies beside config.json.",
    };
    private readonly Option<string?> _pooling = new("--pooling")
    {
        Description = "How its embeddings are pooled: mean, or token, the one that heads read. "
            + "Default: as sentence-transformers' files beside config.json say.",
    };

    public ImportVerb(Surface surface)
        : base("import", "Write an encoder's ONNX file as the folder of a checkpoint.", surface)
    {
        _ = _pooling.AcceptOnlyFromAmong("mean", "token");
        foreach (var part in (Option[])[_out, _config, _tokenizer, _pooling])
            Add(part);
        Add(_onnx);
        Examples =
        [
            "model import all-MiniLM-L12-v2/onnx/model.onnx --out minilm-l12",
            "model import model.onnx --config config.json --tokenizer vocab.txt --pooling mean --out encoder",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var onnx = parse.GetRequiredValue(_onnx);
        var config = parse.GetValue(_config) ?? ImportModel.ConfigOf(onnx)
            ?? throw new InputException($"There is no config.json beside {onnx}; name the model's with --config. "
                + "An ONNX file does not say all that is needed, the number of attention heads for one.");
        var import = new ImportModel
        {
            Onnx = onnx,
            Config = config,
            Tokenizer = parse.GetValue(_tokenizer) ?? Path.GetDirectoryName(Path.GetFullPath(config))!,
            Out = parse.GetRequiredValue(_out),
            Pooling = parse.GetValue(_pooling) switch
            {
                "mean" => EmbeddingPooling.Mean,
                "token" => EmbeddingPooling.Token,
                _ => null,
            },
        };
        var report = await import.RunAsync(cancellationToken);
        session.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {report.Out}: {report.ModelType}, {report.Parameters:N0} parameters in {Quantity.Of(report.Tensors, "tensor")}. "
                + $"Look into it: tiebreak model inspect {report.Out}"));
        session.Say(report.Pooling is { } pooling
            ? $"Embeddings are pooled by {pooling}."
            : "Nothing says how its embeddings are pooled; the mean is taken unless --pooling says something else.");
        session.Emit(report, () => ModelJson.Default.ImportReport);
        return TiebreakCommand.Ok;
    }
}
