using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class PredictionsVerb : Command
{
    public PredictionsVerb(Surface surface)
        : base("predictions", "Compare files of preferences, and choose among them.")
    {
        Add(new DiffVerb(surface));
        Add(new ChooseVerb(surface));
    }

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
        private readonly Option<int?> _privateRows = new("--private-rows")
        {
            Description = "With --data: the chance that the first is better on so many battles that nobody can look at yet.",
        };
        private readonly ScaleOption _scale = new();

        public DiffVerb(Surface surface)
            : base("diff", "Say how two files of preferences differ, and which is better where people have voted.", surface)
        {
            Add(_first);
            Add(_second);
            Add(_data);
            Add(_privateRows);
            Add(_scale);
            AddInputOptions();
            Examples =
            [
                "predictions diff one.csv two.csv",
                "predictions diff one.csv two.csv --data train.csv --private-rows 17500",
            ];
        }

        protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var comparison = new ComparePredictions
            {
                First = parse.GetRequiredValue(_first),
                Second = parse.GetRequiredValue(_second),
                Data = parse.GetValue(_data) ?? [],
                PrivateRows = parse.GetValue(_privateRows),
                Scale = _scale.Get(parse),
            };
            session.Report(
                await session.RunAsync(context => comparison.RunAsync(context, cancellationToken)),
                () => AppJson.Default.PredictionsDocument);
            return TiebreakCommand.Ok;
        }
    }

    private sealed class ChooseVerb : Verb
    {
        private readonly Argument<string[]> _files = new("files")
        {
            Description = "Out-of-fold or held-out preferences by id, two at least.",
        };
        private readonly Option<string[]> _data = new("--data")
        {
            Description = "The labelled battles that they are about.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        private readonly Option<int> _privateRows = new("--private-rows")
        {
            Description = "Battles of the part that counts in the end and that nobody can look at yet.",
            Required = true,
        };
        private readonly ScaleOption _scale = new();

        public ChooseVerb(Surface surface)
            : base("choose", "Say which two of several files to hand in, where the better score counts.", surface)
        {
            Add(_files);
            Add(_data);
            Add(_privateRows);
            Add(_scale);
            AddInputOptions();
            Examples = ["predictions choose gemma.csv llama.csv trees.csv --data train.csv --private-rows 17500"];
        }

        protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var choice = new ChoosePredictions
            {
                Files = parse.GetRequiredValue(_files),
                Data = parse.GetRequiredValue(_data),
                PrivateRows = parse.GetValue(_privateRows),
                Scale = _scale.Get(parse),
            };
            session.Report(
                await session.RunAsync(context => choice.RunAsync(context, cancellationToken)),
                () => AppJson.Default.PredictionChoiceDocument);
            return TiebreakCommand.Ok;
        }
    }
}
