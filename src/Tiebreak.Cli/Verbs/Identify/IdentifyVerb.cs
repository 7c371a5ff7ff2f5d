using System.CommandLine;
using System.Globalization;
using System.Text;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Output.Identify;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Features.Identification;
using Tiebreak.Reports.Documents;
using Tiebreak.Text;

namespace Tiebreak.Cli.Verbs.Identify;

internal sealed class IdentifyVerb : Verb
{
    private const int ModelsShown = 5;
    private const int EvidenceShown = 8;

    private readonly Argument<string[]> _texts = new("text") { Description = "Responses.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _identifier = new("--identifier")
    {
        Description = "Folder of the identifier that `tiebreak identify train` wrote.",
    };
    private readonly Option<string?> _data = new("--data") { Description = "Instead of texts: both sides of every battle of a file." };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "With --data: write the most probable models as CSV (id, side, model, probability, second, probability).",
    };

    public IdentifyVerb(Surface surface)
        : base("identify", "Say which model wrote a response, and what gives it away.", surface)
    {
        Add(_texts);
        foreach (var option in (Option[])[_identifier, _data, _out])
            Add(option);
        Add(new IdentifyTrainVerb(surface));
        Add(new IdentifyEvaluateVerb(surface));
        AddInputOptions();
        Examples =
        [
            "identify train battles.jsonl --out identifier",
            "identify \"Certainly! Here is a haiku.\" --identifier identifier",
            "identify --data unlabelled.jsonl --identifier identifier --out writers.csv",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (texts, data, target) = (parse.GetValue(_texts) ?? [], parse.GetValue(_data), parse.GetValue(_out));
        if (texts.Length > 0 == data is not null)
            throw new InputException("Give either responses (as texts) or a file of battles (--data FILE).");
        if (texts.Any(string.IsNullOrWhiteSpace))
            throw new InputException("A text is empty, so that nothing tells who wrote it.");
        if (target is not null && data is null)
            throw new InputException("--out goes with --data FILE.");
        var folder = parse.GetValue(_identifier) ?? throw new InputException(
            "Give the identifier: --identifier FOLDER, which `tiebreak identify train BATTLES --out FOLDER` writes.");

        var bundle = await Task.Run(() => IdentifierBundle.Open(folder), cancellationToken);
        session.Note(bundle.Notice);
        if (data is null)
        {
            var identified = new IdentifiedTexts([.. texts.Select(text => IdentifyOne(session, bundle, text))]);
            session.Emit(identified, () => CommandJson.Default.IdentifiedTexts);
            return TiebreakCommand.Ok;
        }

        var set = await BattleLoading.LoadAsync(
            session, [data], BattlePurpose.Explore, cancellationToken, bundle.Manifest.Mapping);
        session.Emit(IdentifyMany(session, bundle.Identifier, set, target), () => CommandJson.Default.IdentifiedResponses);
        return TiebreakCommand.Ok;
    }

    private static IdentifiedText IdentifyOne(Session session, IdentifierBundle bundle, string text)
    {
        var identifier = bundle.Identifier;
        var probabilities = identifier.Identify(text);
        int[] order = [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(m => probabilities[m])];
        var evidence = identifier.Explain(text, order[0]).Take(EvidenceShown).ToList();
        session.Show(IdentifyTables.Probabilities(identifier, bundle.Manifest.FamilyOf, probabilities, order.Take(ModelsShown)));
        session.Show(IdentifyTables.Evidence(identifier.Models[order[0]], evidence));
        var leak = IdentityLeaks.FirstIn(text);
        if (leak is { } found)
        {
            session.Say($"The writer names itself or its maker: \"{text.Substring(found.Start, found.Length)}\". "
                + "That may be true, or what it was taught to say.");
        }

        return new IdentifiedText(
            [.. order.Select(m => new WriterProbability(identifier.Models[m], probabilities[m]))], evidence, leak?.Name);
    }

    private static IdentifiedResponses IdentifyMany(Session session, WriterIdentifier identifier, BattleSet set, string? target)
    {
        var rows = new (string Id, string Side, double[] Probabilities)[2 * set.Battles.Count];
        Parallel.For(0, set.Battles.Count, new ParallelOptions { MaxDegreeOfParallelism = session.Threads }, i =>
        {
            var battle = set.Battles[i];
            rows[2 * i] = (battle.Id, "a", identifier.Identify(Joined(battle, turn => turn.ResponseA)));
            rows[(2 * i) + 1] = (battle.Id, "b", identifier.Identify(Joined(battle, turn => turn.ResponseB)));
        });
        var best = rows.Select(row => (row.Id, row.Side, Top: row.Probabilities.Index().OrderByDescending(p => p.Item).Take(2).ToArray()))
            .ToList();
        session.Show(new TextTable(
            $"{NumberText.Count(rows.Length)} responses", ["Most probable writer", "Responses", "Mean probability"],
            [.. best.GroupBy(row => row.Top[0].Index).OrderByDescending(group => group.Count()).Take(20).Select(group => new[]
            {
                identifier.Models[group.Key], NumberText.Count(group.Count()), NumberText.Percent(group.Average(row => row.Top[0].Item)),
            })]));
        if (target is not null)
        {
            var text = new StringBuilder("id,side,model,probability,second,second_probability\n");
            foreach (var (id, side, top) in best)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{CsvText.Quote(id)},{side},{CsvText.Quote(identifier.Models[top[0].Index])},{top[0].Item:R},"
                        + $"{CsvText.Quote(identifier.Models[top[1].Index])},{top[1].Item:R}\n");
            }

            AtomicFile.Write(target, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
            session.Say($"Wrote {target}.");
        }

        return new IdentifiedResponses(
            [
                .. best.Select(row => new IdentifiedResponse(row.Id, row.Side, identifier.Models[row.Top[0].Index], row.Top[0].Item)),
            ],
            set.Problems);
    }

    private static string Joined(Battle battle, Func<Turn, string?> response) => string.Join('\n', battle.Turns.Select(response));
}
