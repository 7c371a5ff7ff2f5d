using System.CommandLine;
using Tiebreak.Reports.Documents;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Logits;

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
    private readonly DTypeOption _dtype = new() { Description = "What to compute with.", DefaultValueFactory = _ => "float32" };

    private readonly ComputeOption _compute = new()
    {
        Description = "What linear layers are computed with: float, or int8 (weights and activations rounded as they come). "
            + "int8 also computes in float and prints the loss.",
    };

    public LogitsVerb(Surface surface)
        : base("logits", "Compute the logits of token ids, to compare with another program's.", surface)
    {
        Add(_model);
        Add(_inputs);
        Add(_adapter);
        Add(_device);
        Add(_dtype);
        Add(_compute);
        Examples = ["model logits gemma-2-9b-judge --inputs inputs.json --json"];
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var computation = new ComputeLogits
        {
            Model = ModelFolder.Of(parse.GetRequiredValue(_model)),
            Inputs = parse.GetRequiredValue(_inputs),
            Adapter = parse.GetValue(_adapter),
            Device = parse.GetRequiredValue(_device),
            Type = _dtype.Of(parse)!.Value,
            Compute = _compute.Of(parse),
            Threads = session.Threads,
        };
        foreach (var warning in computation.Warnings())
            session.Warn(warning);
        var report = computation.Run(cancellationToken);
        foreach (var note in report.Notes)
            session.Warn(note);
        session.Show(report.Batches.Select(batch => Table(batch, report.LabelTokens)));
        if (report.Drift is { } drift)
            session.Show(DriftTable.Of("int8, against float", drift));
        session.Emit(report, () => ModelJson.Default.LogitsReport);
        return Task.FromResult(TiebreakCommand.Ok);
    }

    /// <summary>Logits for people: of the labels, or of the label tokens, or the most probable next token.</summary>
    private static TextTable Table(BatchLogits batch, IReadOnlyList<LabelToken> labels)
    {
        if (batch is { NextTokenLogits: { } next, LabelLogits: null })
        {
            return new TextTable(
                $"Batch {batch.Name}", ["Row", "Tokens", "Most probable next token", "Its logit"],
                [.. next.Select((row, i) =>
                    new[] { $"{i}", $"{batch.Tokens[i]}", $"{Array.IndexOf(row, row.Max())}", Format(row.Max()) })]);
        }

        var shown = batch.LabelLogits ?? batch.Logits!;
        var names = batch.LabelLogits is null
            ? Enumerable.Range(0, shown[0].Length).Select(i => $"Logit {i}")
            : labels.Select(label => label.Name);
        return new TextTable(
            $"Batch {batch.Name}", ["Row", "Tokens", .. names],
            [.. shown.Select((row, i) => (string[])[$"{i}", $"{batch.Tokens[i]}", .. row.Select(Format)])]);
    }

    private static string Format(float value) => NumberText.Of(value, "F4");
}
