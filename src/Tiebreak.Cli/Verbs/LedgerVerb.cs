using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Ledgers;
using Tiebreak.App.Submissions;
using Tiebreak.Cli.Output;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

internal sealed class LedgerVerb : Command
{
    private const string DefaultFile = "ledger.jsonl";

    public LedgerVerb(Surface surface)
        : base("ledger", "Keep local and leaderboard scores, and see what one says about the other.")
    {
        Add(new AddVerb(surface));
        Add(new ShowVerb(surface));
    }

    private static Option<string> FileOption() =>
        new("--file") { Description = "The ledger, a file of JSON lines.", DefaultValueFactory = _ => DefaultFile };

    private sealed class AddVerb : Verb
    {
        private readonly Option<string> _name = new("--name")
        {
            Description = "What was handed in. A name that is there gets the new scores.",
            Required = true,
        };
        private readonly Option<double?> _cv = new("--cv") { Description = "Its log loss in cross-validation." };
        private readonly Option<double?> _lb = new("--lb") { Description = "Its log loss on the leaderboard." };
        private readonly Option<string?> _note = new("--note") { Description = "Anything worth remembering." };
        private readonly Option<string> _file = FileOption();

        public AddVerb(Surface surface)
            : base("add", "Add an entry, or complete one.", surface)
        {
            foreach (var option in (Option[])[_name, _cv, _lb, _note, _file])
                Add(option);
            Examples = ["ledger add --name gemma-fold0 --cv 0.926 --note \"fold 0 only\"", "ledger add --name gemma-fold0 --lb 0.930"];
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var entry = new LedgerEntry
            {
                Name = parse.GetRequiredValue(_name),
                Cv = parse.GetValue(_cv),
                Lb = parse.GetValue(_lb),
                Note = parse.GetValue(_note),
            };
            if (entry is { Cv: null, Lb: null, Note: null })
                throw new InputException("Give at least one of --cv, --lb and --note.");

            var path = parse.GetRequiredValue(_file);
            var ledger = Ledger.Read(path).With(entry);
            ledger.Write(path);
            session.Say($"Wrote {path}: {Quantity.Of(ledger.Entries.Count, "entry", "entries")}. "
                + "`tiebreak ledger show` fits the line.");
            session.Emit(new LedgerChange(path, ledger.Entries.Count), () => CommandJson.Default.LedgerChange);
            return Task.FromResult(TiebreakCommand.Ok);
        }
    }

    private sealed class ShowVerb : Verb
    {
        private readonly Option<double[]> _cv = new("--cv")
        {
            Description = "Predict the leaderboard score for these local ones.",
            AllowMultipleArgumentsPerToken = true,
        };
        private readonly Option<string> _file = FileOption();

        public ShowVerb(Surface surface)
            : base("show", "Show the entries, the line LB = a * CV + b, and what it predicts.", surface)
        {
            Add(_cv);
            Add(_file);
            Examples = ["ledger show", "ledger show --cv 0.90 0.91"];
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            session.Report(ReadLedger.Run(parse.GetRequiredValue(_file), parse.GetValue(_cv) ?? []), () => AppJson.Default.LedgerDocument);
            return Task.FromResult(TiebreakCommand.Ok);
        }
    }
}

/// <summary>A ledger that was added to.</summary>
/// <param name="File">The ledger.</param>
/// <param name="Entries">How many entries it has now.</param>
internal sealed record LedgerChange(string File, int Entries);
