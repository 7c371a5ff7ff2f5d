using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Submissions;

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
            AddIdColumnOption();
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var document = CheckSubmission.Run(
                parse.GetRequiredValue(_submission), parse.GetRequiredValue(_test), session.Reading.Mapping);
            session.Report(document, () => AppJson.Default.SubmissionDocument);
            return Task.FromResult(document.Valid ? TiebreakCommand.Ok : TiebreakCommand.Failed);
        }
    }

    private sealed class RepairVerb : Verb
    {
        private readonly Argument<string> _submission = new("submission") { Description = "The submission." };
        private readonly Option<string> _test = new("--test") { Description = "The test file that it answers.", Required = true };
        private readonly Option<string> _out = new("--out") { Description = "The repaired submission to write.", Required = true };
        private readonly ScaleOption _scale = new();
        private readonly FormOption _form = new();

        public RepairVerb(Surface surface)
            : base("repair", "Write a valid submission out of a broken one, and say what was changed.", surface)
        {
            Add(_submission);
            Add(_test);
            Add(_out);
            Add(_scale);
            Add(_form);
            AddIdColumnOption();
            Examples =
            [
                "submission repair submission.csv --test test.csv --out repaired.csv",
                "submission repair logits.csv --test test.csv --out submission.csv --scale softmax",
                "submission repair submission.csv --test test.csv --out winners.csv --form winner",
            ];
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var repair = new RepairSubmission
            {
                Submission = parse.GetRequiredValue(_submission),
                Test = parse.GetRequiredValue(_test),
                Out = parse.GetRequiredValue(_out),
                Scale = _scale.Get(parse),
                Winners = _form.IsWinner(parse),
                Mapping = session.Reading.Mapping,
            };
            session.Report(repair.Run(), () => AppJson.Default.RepairDocument);
            return Task.FromResult(TiebreakCommand.Ok);
        }
    }
}
