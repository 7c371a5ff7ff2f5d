using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Json;
using Tiebreak.Core.Ledgers;
using Tiebreak.Core.Metrics;

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
            session.Say($"Wrote {path}: {ledger.Entries.Count:N0} {(ledger.Entries.Count == 1 ? "entry" : "entries")}. "
                + "`tiebreak ledger show` fits the line.");
            session.Emit(new JsonObject { ["file"] = path, ["entries"] = ledger.Entries.Count });
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
            var path = parse.GetRequiredValue(_file);
            var ledger = Ledger.Read(path);
            if (ledger.Entries.Count == 0)
                throw new InputException($"{path} has no entries. Add one: tiebreak ledger add --name N --cv 0.93 --lb 0.94");

            var fit = ledger.Fit;
            var asked = parse.GetValue(_cv) ?? [];
            if (Array.Exists(asked, cv => !double.IsFinite(cv)))
                throw new InputException("--cv must be numbers.");
            session.Show(Entries(ledger, fit).ToTerminal());
            foreach (var sentence in Sentences(ledger, fit))
                session.Say(sentence);
            if (fit is not null && asked.Length > 0)
                session.Show(Predictions(fit, asked).ToTerminal());
            session.Emit(ToJson(ledger, fit, asked));
            return Task.FromResult(TiebreakCommand.Ok);
        }

        private static TextTable Entries(Ledger ledger, LineFit? fit) => new(
            "Ledger", ["Name", "CV", "LB", "LB minus CV", "LB on the line", "Note"],
            [.. ledger.Entries.Select(entry => new[]
            {
                entry.Name, Score(entry.Cv), Score(entry.Lb), entry is { Cv: { } cv, Lb: { } lb } ? Signed.Format(lb - cv, 4) : "",
                fit is not null && entry.Cv is { } at ? Figures.Loss(fit.At(at)) : "", entry.Note ?? "",
            })]);

        private static TextTable Predictions(LineFit fit, double[] asked) => new(
            "Predicted", ["CV", "LB", "95 % interval"],
            [.. asked.Select(cv => new[] { Figures.Loss(cv), Figures.Loss(fit.At(cv)), Figures.Range(fit.PredictionInterval(cv)) })]);

        private static IEnumerable<string> Sentences(Ledger ledger, LineFit? fit)
        {
            var both = ledger.Entries.Where(entry => entry is { Cv: not null, Lb: not null }).ToList();
            if (fit is null)
            {
                yield return both.Count < 3
                    ? $"{both.Count} entries have both scores; a line needs three."
                    : "All entries have the same CV, so no line follows from them.";
                yield break;
            }

            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"LB = {fit.Slope:F3} * CV {(fit.Intercept < 0 ? "-" : "+")} {Math.Abs(fit.Intercept):F3}; "
                    + $"slope {Number(fit.SlopeInterval)}, intercept {Number(fit.InterceptInterval)} (95 %); "
                    + $"scatter {fit.Residual:F4} over {fit.Points} entries.");
            if (fit.SlopeInterval.Lower <= 0)
            {
                yield return "The slope may be zero or less: these entries do not show that a better CV means a better LB. "
                    + "Do not rely on the line.";
            }
        }

        private static string Number(Interval interval) =>
            string.Create(CultureInfo.InvariantCulture, $"{interval.Lower:F3} to {interval.Upper:F3}");

        private static string Score(double? score) => score is { } value ? Figures.Loss(value) : "";

        private static JsonObject ToJson(Ledger ledger, LineFit? fit, double[] asked) => new()
        {
            ["entries"] = new JsonArray([.. ledger.Entries.Select(entry => new JsonObject
            {
                ["name"] = entry.Name,
                ["cv"] = entry.Cv,
                ["lb"] = entry.Lb,
                ["note"] = entry.Note,
            })]),
            ["line"] = fit is null ? null : new JsonObject
            {
                ["points"] = fit.Points,
                ["slope"] = fit.Slope,
                ["slope_ci"] = MetricJson.Range(fit.SlopeInterval),
                ["intercept"] = fit.Intercept,
                ["intercept_ci"] = MetricJson.Range(fit.InterceptInterval),
                ["residual"] = fit.Residual,
                ["meaningful"] = fit.SlopeInterval.Lower > 0,
            },
            ["predicted"] = new JsonArray([.. asked.Where(_ => fit is not null).Select(cv => new JsonObject
            {
                ["cv"] = cv,
                ["lb"] = fit!.At(cv),
                ["lb_ci"] = MetricJson.Range(fit.PredictionInterval(cv)),
            })]),
        };
    }
}
