using System.CommandLine;
#if EXPLORER
using Tiebreak.Cli.Output;
using Tiebreak.Explorer.Server;
#else
using Tiebreak.Core;
#endif

namespace Tiebreak.Cli.Verbs;

internal sealed class ExploreVerb : Verb
{
    private readonly Argument<string[]> _files = new("files")
    {
        Description = "Files of battles.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string[]> _judges = new("--judge")
    {
        Description = "Folders of judges' bundles, to see what they say and how well.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _runs = new("--run")
    {
        Description = "Folders of scoring runs, to follow them and to compare what they predict.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _predictions = new("--predictions")
    {
        Description = "Files of preferences by id, such as a submission, to compare them with judges and runs.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _trainings = new("--training")
    {
        Description = "Work folders of trainings, to follow them.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly EmbedderOption _embedder = new("similar battles are told by meaning. Without it: by words.");
    private readonly Option<string> _votes = new("--votes")
    {
        Description = "The file that votes are added to, one battle of JSONL each.",
        DefaultValueFactory = _ => "votes.jsonl",
    };
    private readonly Option<double> _randomShare = new("--random-share")
    {
        Description = "The share of battles to vote on that are drawn at random; the others are those where votes narrow the ratings most.",
        DefaultValueFactory = _ => 0.5,
    };
    private readonly ListeningOptions _listening = new("explorer", "http://127.0.0.1:5150");

    public ExploreVerb(Surface surface)
        : base("explore", "Look at battles, judges and rankings in a browser, and vote.", surface)
    {
        Add(_files);
        foreach (var option in (Option[])[_judges, _runs, _predictions, _trainings, _embedder, _votes, _randomShare, .. _listening.All])
            Add(option);
        _randomShare.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
                result.AddError("--random-share must be from 0 to 1.");
        });
        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "explore battles.csv", "explore train.csv --judge judge --votes mine.jsonl",
            "explore train.csv --run submission.csv.run --training work --embedder minilm",
        ];
    }

#if EXPLORER
    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var options = new ExplorerOptions
        {
            Files = parse.GetRequiredValue(_files),
            Judges = parse.GetValue(_judges) ?? [],
            Runs = parse.GetValue(_runs) ?? [],
            Predictions = parse.GetValue(_predictions) ?? [],
            Trainings = parse.GetValue(_trainings) ?? [],
            Embedder = embedder,
            EmbedderKey = () => _embedder.KeyOf(parse),
            Votes = parse.GetRequiredValue(_votes),
            RandomShare = parse.GetValue(_randomShare),
            Urls = _listening.Urls(parse),
            Keys = _listening.Keys(parse),
            Certificate = _listening.Certificate(parse),
            Hosts = _listening.Hosts(parse),
            IsBehindProxy = _listening.IsBehindProxy(parse),
            Context = session.Context,
        };
        await using var server = await ExplorerServer.StartAsync(options, cancellationToken);
        session.Say($"Ready on {string.Join(", ", server.Urls)}. Ctrl+C ends it.");
        session.Emit(new ServedApi(server.Urls), () => CommandJson.Default.ServedApi);
        await server.RunAsync(cancellationToken);
        return TiebreakCommand.Ok;
    }
#else
    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken) =>
        throw new TiebreakException("This build of Tiebreak has no explorer: it was built with -p:Explorer=false.");
#endif
}
