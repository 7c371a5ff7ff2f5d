using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class LogitsVerb : Verb
{
    private readonly Argument<string> _model = new("dir") { Description = "Folder of the checkpoint: config.json and weights." };
    private readonly Option<string> _inputs = new("--inputs")
    {
        Description = "JSON with batches of token ids and attention masks; see docs/transformers.md.",
        Required = true,
    };
    private readonly Option<string?> _adapter = new("--adapter")
    {
        Description = "Folder of a PEFT adapter to apply: adapter_config.json and adapter_model.safetensors.",
    };
    private readonly Option<string> _device = new("--device")
    {
        Description = "Where to compute: cpu or cuda:0.",
        DefaultValueFactory = _ => "cpu",
    };
    private readonly Option<string> _dtype = new("--dtype") { Description = "What to compute with.", DefaultValueFactory = _ => "float32" };

    private readonly Option<string> _compute = new("--compute")
    {
        Description = "What linear layers are computed with: float, or int8 (weights and activations rounded as they come). "
            + "int8 also computes in float and prints the loss.",
        DefaultValueFactory = _ => "float",
    };

    public LogitsVerb(Surface surface)
        : base("logits", "Compute the logits of token ids, to compare with another program's.", surface)
    {
        _ = _dtype.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
        Add(_model);
        Add(_inputs);
        Add(_adapter);
        Add(_device);
        Add(_dtype);
        _ = _compute.AcceptOnlyFromAmong("float", "int8");
        Add(_compute);
        Examples = ["model logits gemma-2-9b-judge --inputs inputs.json --json"];
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var inputs = LogitsInputs.Read(parse.GetRequiredValue(_inputs));
        var type = parse.GetRequiredValue(_dtype) switch { "bfloat16" => DType.BFloat16, "float16" => DType.Float16, _ => DType.Float32 };
        var device = parse.GetRequiredValue(_device);
        if (type is DType.Float16 && string.Equals(device, "cpu", StringComparison.Ordinal))
            session.Warn("float16 has no fast products on the CPU; expect a hundredth of the speed of float32.");

        TorchRuntime.Start(session.Threads);
        if (type is DType.BFloat16 && !Cpu.HasBFloat16 && device is "cpu")
            session.Warn("this processor has no bfloat16 products; float32 is several times faster here.");
        if (parse.GetRequiredValue(_compute) is "int8" && !Cpu.HasInt8Products && device is "cpu")
        {
            session.Warn("this processor has no int8 products (AVX-512 VNNI); int8 is slower than float32 here, "
                + "and its loss is what can be measured.");
        }

        var compute = parse.GetRequiredValue(_compute) is "int8" ? LinearCompute.Int8 : LinearCompute.Float;
        using var model = TransformerModel.Load(parse.GetRequiredValue(_model), type, device, parse.GetValue(_adapter), compute);
        var logits = new List<float[]>();
        var batches = new JsonArray();
        foreach (var batch in inputs.Batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var output = model.Compute(batch.Rows, batch.PaddedLength);
            var alone = model.DependsOnPadding(batch.Rows, batch.PaddedLength) ? model.Compute(batch.Rows) : null;
            logits.AddRange(output.Logits);
            batches.Add(LogitsJson.Batch(batch, output, alone, model.HeadKind, inputs.LabelTokens));
            session.Show(Table(batch, output, model.HeadKind, inputs.LabelTokens).ToTerminal());
        }

        var json = new JsonObject
        {
            ["model_type"] = model.Config.ModelType,
            ["head"] = model.HeadKind is HeadKind.Generator ? "causal_lm" : "sequence_classification",
            ["compute_dtype"] = parse.GetRequiredValue(_dtype),
            ["batches"] = batches,
        };
        if (compute is LinearCompute.Int8)
        {
            using var exact = TransformerModel.Load(parse.GetRequiredValue(_model), type, device, parse.GetValue(_adapter));
            var drift = PreferenceDrift.Between(
                [.. inputs.Batches.SelectMany(batch => exact.Compute(batch.Rows, batch.PaddedLength).Logits)], logits);
            session.Show(DriftOutput.Table("int8, against float", drift).ToTerminal());
            json["drift"] = DriftOutput.Json(drift);
        }

        session.Emit(json);
        return Task.FromResult(TiebreakCommand.Ok);
    }

    /// <summary>Logits for people: of the labels, or of the label tokens, or the most probable next token.</summary>
    private static TextTable Table(LogitsBatch batch, ModelOutput output, HeadKind kind, IReadOnlyList<LabelToken> labels)
    {
        if (kind is HeadKind.Generator && labels.Count == 0)
        {
            return new TextTable(
                $"Batch {batch.Name}", ["Row", "Tokens", "Most probable next token", "Its logit"],
                [.. output.Logits.Select((row, i) =>
                    new[] { $"{i}", $"{batch.Rows[i].Tokens.Count}", $"{Array.IndexOf(row, row.Max())}", Format(row.Max()) })]);
        }

        var names = kind is HeadKind.Generator
            ? labels.Select(label => label.Name)
            : Enumerable.Range(0, output.Logits[0].Length).Select(i => $"Logit {i}");
        return new TextTable(
            $"Batch {batch.Name}", ["Row", "Tokens", .. names],
            [.. output.Logits.Select((row, i) =>
                (string[])[$"{i}", $"{batch.Rows[i].Tokens.Count}", .. LogitsJson.Chosen(row, kind, labels).Select(Format)])]);
    }

    private static string Format(float value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
