using System.CommandLine;
using Tiebreak.Core;
using Tiebreak.Reports.Documents;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Invariance;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class CheckVerb : Verb
{
    private readonly Argument<string> _model = new("dir") { Description = "Folder of the checkpoint: config.json, weights, tokenizer." };
    private readonly Option<string?> _adapter = new("--adapter") { Description = "Folder of a PEFT adapter to apply." };
    private readonly Option<string> _device = new("--device")
    {
        Description = "Where to compute: cpu or cuda:0.",
        DefaultValueFactory = _ => Session.Cpu,
    };
    private readonly DTypeOption _dtype = new() { Description = "What to compute with.", DefaultValueFactory = _ => "float32" };
    private readonly ComputeOption _compute = new()
    {
        Description = "What linear layers are computed with: float, or int8 (weights and activations rounded as they come).",
    };
    private readonly Option<int> _rows = new("--rows") { Description = "Battles to compute.", DefaultValueFactory = _ => 32 };
    private readonly Option<int> _batchTokens = new("--batch-tokens")
    {
        Description = "Tokens that are computed together in batches.",
        DefaultValueFactory = _ => 4096,
    };
    private readonly BattleRowOptions _battles;

    public CheckVerb(Surface surface)
        : base(
            "check",
            "Say whether a battle has the same bits whatever is computed with it, and what --invariant costs; exit code 1 if it does not "
                + "hold.",
            surface)
    {
        Add(_model);
        _battles = new BattleRowOptions(this);
        AddInputOptions();
        Add(_rows);
        Add(_batchTokens);
        Add(_adapter);
        Add(_device);
        Add(_dtype);
        Add(_compute);
        foreach (var option in new[] { _rows, _batchTokens })
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{option.Name} must be 1 or more.");
            });
        }

        Examples = ["model check gemma-2-9b-judge --data train.csv --dtype bfloat16"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        if (!_battles.AreGiven(parse))
            throw new InputException("Name battles with --data.");
        var folder = ModelFolder.Of(parse.GetRequiredValue(_model));
        var check = new CheckModel
        {
            Model = folder,
            Rows = await _battles.LoadAsync(parse, session, folder, parse.GetValue(_rows), cancellationToken),
            Adapter = parse.GetValue(_adapter),
            Device = parse.GetRequiredValue(_device),
            Type = _dtype.Of(parse)!.Value,
            Compute = _compute.Of(parse),
            BatchTokens = parse.GetValue(_batchTokens),
            Threads = session.Threads,
        };
        foreach (var warning in check.Warnings())
            session.Warn(warning);
        var found = await check.RunAsync(cancellationToken);
        session.Show(new TextTable(
            $"{NumberText.Count(found.Rows)} battles, {NumberText.Count((int)found.Tokens)} tokens, against each by itself",
            ["Computed", "Same bits", "Largest change of a probability"],
            [
                .. found.Ways.Select(way => new[]
                {
                    way.Name, $"{NumberText.Count(way.SameBits)} of {NumberText.Count(found.Rows)}", NumberText.Of(way.LargestChange, "E1"),
                }),
            ]));
        session.Say(found.Holds
            ? "With --invariant a battle has the same bits in every way that was tried."
            : "Even with --invariant a battle does not always have the same bits here.");
        session.Say($"In batches the battles took {found.SecondsInBatches:0.00} s, each by itself {found.SecondsByThemselves:0.00} s: "
            + $"--invariant costs {(found.SecondsByThemselves / found.SecondsInBatches) - 1:P0} here.");
        session.Emit(found, () => ModelJson.Default.ModelCheck);
        return found.Holds ? TiebreakCommand.Ok : TiebreakCommand.Failed;
    }
}
