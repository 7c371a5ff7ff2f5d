using System.CommandLine;
using Spectre.Console;
using Tiebreak.App.Auditing;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class ShowVerb : Verb
{
    private readonly Argument<string> _id = new("id") { Description = "The battle's id." };
    private readonly Option<string> _data = new("--data") { Description = "The file that holds it.", Required = true };

    public ShowVerb(Surface surface)
        : base("show", "Show one battle, both sides beside each other.", surface)
    {
        Add(_id);
        Add(_data);
        AddInputOptions();
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (id, path) = (parse.GetRequiredValue(_id), parse.GetRequiredValue(_data));
        var options = session.Reading with { Purpose = BattlePurpose.Explore, Threads = session.Threads };
        var row = BattleReader.Read(path, options, cancellationToken)
            .FirstOrDefault(row => string.Equals(row.Battle?.Id, id, StringComparison.Ordinal));
        var battle = row.Battle ?? throw new InputException($"{path} has no battle with the id {id}.");
        if (row.Problem is not null)
            session.Warn(row.Problem.ToString());

        var vote = battle.Verdict is { } verdict ? $"people said {AuditDocument.NameOf(verdict)}" : "not voted on";
        session.Say($"{path}, line {row.Line}: {vote}");
        session.Show(Picture(battle));
        session.Emit(json => BattleJson.Write(json, battle));
        return Task.FromResult(TiebreakCommand.Ok);
    }

    private static Table Picture(Battle battle)
    {
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators()
            .AddColumn(new TableColumn(Markup.Escape($"A  {battle.ModelA}".Trim())))
            .AddColumn(new TableColumn(Markup.Escape($"B  {battle.ModelB}".Trim())));
        foreach (var turn in battle.Turns)
        {
            table.AddRow(new Markup($"[bold]{Markup.Escape(turn.Prompt ?? "(null)")}[/]"), new Markup("[dim](the same prompt)[/]"));
            table.AddRow(new Spectre.Console.Text(turn.ResponseA ?? "(null)"), new Spectre.Console.Text(turn.ResponseB ?? "(null)"));
        }

        return table.Expand();
    }
}
