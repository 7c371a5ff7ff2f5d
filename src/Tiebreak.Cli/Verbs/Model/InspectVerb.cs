using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;

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
        using var checkpoint = Checkpoint.Open(parse.GetRequiredValue(_folder));
        var description = new CheckpointDescription(checkpoint);
        var problems = CheckpointProblems.Find(description, cancellationToken);
        var listed = parse.GetValue(_tensors) ? checkpoint.Entries : [];

        session.Show(Picture(checkpoint.Path, ["What", "Value"], description.Facts().Select(fact => new[] { fact.What, fact.Value })));
        if (listed.Count > 0)
        {
            session.Show(Picture(
                "Tensors",
                ["Name", "Type", "Shape"],
                listed.Select(entry => new[] { Printable.Of(entry.Name), entry.Type.SafetensorsName(), string.Join(" x ", entry.Shape) })));
        }

        foreach (var problem in problems)
            session.Say($"Problem: {problem}");
        session.Say(problems.Count == 0 ? "No problems found." : $"Problems: {problems.Count}.");

        var json = description.ToJson();
        json["problems"] = new JsonArray([.. problems.Select(problem => JsonValue.Create(problem))]);
        if (parse.GetValue(_tensors))
            json["list"] = CheckpointJson.Of(listed);
        session.Emit(json);
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
