using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class SubmissionVerb : Command
{
    public SubmissionVerb(Surface surface)
        : base("submission", "Check or repair a submission before it is handed in.")
    {
        Add(new CheckVerb(surface));
        Add(new RepairVerb(surface));
    }

    private sealed class CheckVerb : Verb
    {
        private readonly Argument<string> _submission = new("submission") { Description = "The submission." };
        private readonly Option<string> _test = new("--test") { Description = "The test file that it answers.", Required = true };

        public CheckVerb(Surface surface)
            : base("check", "Say everything that is wrong with a submission; exit code 1 if it would be refused.", surface)
        {
            Add(_submission);
            Add(_test);
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var path = parse.GetRequiredValue(_submission);
            var report = SubmissionFile.Check(path, parse.GetRequiredValue(_test));
            foreach (var problem in report.Problems)
                session.Say($"{(problem.IsWarning ? "Warning" : "Error")}: {problem}");
            session.Say(report.IsValid
                ? $"{path} is valid: {report.Rows:N0} rows for {report.TestRows:N0} battles."
                : $"{path} would be refused. `tiebreak submission repair` mends what can be mended.");
            session.Emit(new JsonObject
            {
                ["valid"] = report.IsValid,
                ["rows"] = report.Rows,
                ["test_rows"] = report.TestRows,
                ["problems"] = new JsonArray([.. report.Problems.Select(problem => new JsonObject
                {
                    ["kind"] = problem.Kind.ToString(),
                    ["warning"] = problem.IsWarning,
                    ["line"] = problem.Line,
                    ["message"] = problem.Message,
                })]),
            });
            return Task.FromResult(report.IsValid ? TiebreakCommand.Ok : TiebreakCommand.Failed);
        }
    }

    private sealed class RepairVerb : Verb
    {
        private readonly Argument<string> _submission = new("submission") { Description = "The submission." };
        private readonly Option<string> _test = new("--test") { Description = "The test file that it answers.", Required = true };
        private readonly Option<string> _out = new("--out") { Description = "The repaired submission to write.", Required = true };

        public RepairVerb(Surface surface)
            : base("repair", "Write a valid submission out of a broken one, and say what was changed.", surface)
        {
            Add(_submission);
            Add(_test);
            Add(_out);
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var target = parse.GetRequiredValue(_out);
            var report = SubmissionFile.Repair(parse.GetRequiredValue(_submission), parse.GetRequiredValue(_test), target);
            foreach (var change in report.Changes)
                session.Say(change.ToString());
            session.Say(
                $"Wrote {target}: {report.Rows:N0} rows, {(report.Changes.Count == 0 ? "nothing to repair" : "repaired as said above")}.");
            session.Emit(new JsonObject
            {
                ["rows"] = report.Rows,
                ["out"] = target,
                ["changes"] = new JsonArray([.. report.Changes.Select(change => new JsonObject
                {
                    ["action"] = change.Action,
                    ["items"] = new JsonArray([.. change.Items.Select(item => JsonValue.Create(item))]),
                })]),
            });
            return Task.FromResult(TiebreakCommand.Ok);
        }
    }
}
