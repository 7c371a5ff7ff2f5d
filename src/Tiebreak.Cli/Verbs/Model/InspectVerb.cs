using System.CommandLine;
using Spectre.Console;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Inspection;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class InspectVerb : Verb
{
    private readonly Argument<string> _folder = new("folder") { Description = "A Hugging Face folder, or one file of weights." };
    private readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor with type and shape." };

    public InspectVerb(Surface surface)
        : base("inspect", "Say what a checkpoint holds and what is wrong with it; exit code 1 if something is.", surface)
    {
        Add(_folder);
        Add(_tensors);
        Examples = ["model inspect gemma-2-9b-it", "model inspect adapter --tensors --json"];
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var folder = ModelFolder.Of(parse.GetRequiredValue(_folder));
        var checkpoint = InspectCheckpoint.Run(folder, parse.GetValue(_tensors), cancellationToken);
        session.Show(Picture(checkpoint.Path, ["What", "Value"], checkpoint.Facts.Select(fact => new[] { fact.What, fact.Value })));
        if (checkpoint.List is { } tensors)
        {
            session.Show(Picture(
                "Tensors", ["Name", "Type", "Shape"],
                tensors.Select(tensor => new[] { Printable.Of(tensor.Name), tensor.Dtype, string.Join(" x ", tensor.Shape) })));
        }

        foreach (var note in checkpoint.Notes)
            session.Warn(note);
        var problems = checkpoint.Problems;
        foreach (var problem in problems)
            session.Say($"Problem: {problem}");
        session.Say(problems.Count == 0 ? "No problems found." : $"Problems: {problems.Count}.");
        session.Emit(checkpoint, () => ModelJson.Default.CheckpointInspection);
        return Task.FromResult(problems.Count == 0 ? TiebreakCommand.Ok : TiebreakCommand.Failed);
    }

    private static Table Picture(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(title)).AddColumns(columns);
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }
}
