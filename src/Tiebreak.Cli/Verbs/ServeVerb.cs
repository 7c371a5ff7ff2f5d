using System.CommandLine;
using Tiebreak.App.Ranking;
using Tiebreak.Cli.Output;
using Tiebreak.Features.Routing;
using Tiebreak.Hosting;
using Tiebreak.Hosting.Server;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Cli.Verbs;

internal sealed class ServeVerb : Verb
{
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(2);

    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string?> _policy = new("--policy") { Description = "Folder of a routing policy, for /v1/route." };
    private readonly EmbedderOption _embedder = new("the one that the policy was trained with, if there was one.");
    private readonly Option<string?> _leaderboard = new("--leaderboard")
    {
        Description = "A file of votes or battles, for /v1/leaderboard.",
    };
    private readonly ListeningOptions _listening = new("service", "http://127.0.0.1:5140");
    private readonly Option<string?> _record = new("--record")
    {
        Description = "Keep the battles that are asked about in this file, each id once, for later votes; four files of 64 MB at most.",
    };
    private readonly Option<string?> _shadow = new("--shadow")
    {
        Description = "Another bundle that is asked the same; its answers are not sent, but where they differ is kept.",
    };
    private readonly Option<string> _divergences = new("--divergences")
    {
        Description = "With --shadow: the file of the battles where the two judges name different winners.",
        DefaultValueFactory = _ => "divergences.jsonl",
    };
    private readonly Option<bool> _reload = new("--reload")
    {
        Description = "Serve another bundle as soon as it is put into the judge's folder, without dropping a request.",
    };

    public ServeVerb(Surface surface)
        : base("serve", "Answer HTTP requests: judge battles, rank responses, choose models.", surface)
    {
        Option[] options =
        [
            _judge, _policy, _embedder, _leaderboard, .. _listening.All, _record, _shadow, _divergences, _reload,
        ];
        foreach (var option in options)
            Add(option);
        AddJudgeOptions();
        AddMembersOption();
        Examples =
        [
            "serve --judge judge",
            "serve --judge judge --policy policy --leaderboard votes.csv --urls http://127.0.0.1:8080",
            "serve --judge judge --urls https://0.0.0.0:8443 --certificate judge.pem --keys keys.json --hosts judge.example.com",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var options = new ApiServerOptions
        {
            Judge = JudgeOf(parse.GetRequiredValue(_judge)),
            Urls = _listening.Urls(parse),
            Policy = parse.GetValue(_policy) is { } policy
                ? await RoutingPolicy.OpenAsync(policy, new PromptRatingsFormat(), embedder, cancellationToken)
                : null,
            Leaderboard = parse.GetValue(_leaderboard) is { } votes
                ? await session.RunAsync(context => new RankVotes { Votes = votes }.RunAsync(context, cancellationToken))
                : null,
            Keys = _listening.Keys(parse),
            Certificate = _listening.Certificate(parse),
            Hosts = _listening.Hosts(parse),
            IsBehindProxy = _listening.IsBehindProxy(parse),
            Record = parse.GetValue(_record),
            Shadow = parse.GetValue(_shadow) is { } shadow ? JudgeOf(shadow) : null,
            Divergences = parse.GetRequiredValue(_divergences),
            AddServices = Telemetry.Add,
            MapRoutes = Telemetry.Map,
            LoggerFactory = session.LoggerFactory,
        };
        await using var server = await ApiServer.StartAsync(options, cancellationToken);
        session.Say($"Ready on {string.Join(", ", server.Urls)}. Ctrl+C ends it when all requests are answered.");
        session.Emit(new ServedApi(server.Urls), () => CommandJson.Default.ServedApi);
        await server.RunAsync(cancellationToken);
        return TiebreakCommand.Ok;

        TiebreakOptions JudgeOf(string folder)
        {
            var judge = new TiebreakOptions
            {
                Judge = folder,
                Placement = session.Placement,
                ReloadInterval = parse.GetValue(_reload) ? ReloadInterval : null,
            };
            foreach (var kind in Session.Judges.Kinds)
                judge.Kinds.Add(Session.Judges[kind]);
            return judge;
        }
    }
}

/// <summary>The API, when it is ready.</summary>
/// <param name="Urls">The addresses that it listens on.</param>
internal sealed record ServedApi(IReadOnlyCollection<string> Urls);
