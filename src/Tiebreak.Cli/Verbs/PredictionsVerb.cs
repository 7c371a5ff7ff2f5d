using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class PredictionsVerb : Command
{
    public PredictionsVerb(Surface surface)
        : base("predictions", "Compare files of preferences.") => Add(new DiffVerb(surface));

    private sealed class DiffVerb : Verb
    {
        private readonly Argument<string> _first = new("first") { Description = "Preferences by id, such as a submission." };
        private readonly Argument<string> _second = new("second")
        {
            Description = "Another one. Rows are matched by id, in whatever order they stand.",
        };
        private readonly Option<string[]> _data = new("--data")
        {
            Description = "Labelled battles: says which file is better on them.",
            AllowMultipleArgumentsPerToken = true,
        };
        private readonly ScaleOption _scale = new();

        public DiffVerb(Surface surface)
            : base("diff", "Say how two files of preferences differ, and which is better where people have voted.", surface)
        {
            Add(_first);
            Add(_second);
            Add(_data);
            Add(_scale);
            AddInputOptions();
            Examples = ["predictions diff one.csv two.csv", "predictions diff one.csv two.csv --data train.csv"];
        }

        protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var comparison = new ComparePredictions
            {
                First = parse.GetRequiredValue(_first),
                Second = parse.GetRequiredValue(_second),
                Data = parse.GetValue(_data) ?? [],
                Scale = _scale.Get(parse),
            };
            session.Report(
                await session.RunAsync(context => comparison.RunAsync(context, cancellationToken)),
                () => AppJson.Default.PredictionsDocument);
            return TiebreakCommand.Ok;
        }
    }
}
