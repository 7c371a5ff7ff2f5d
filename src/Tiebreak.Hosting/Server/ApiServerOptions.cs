using System.Security.Cryptography.X509Certificates;
using Tiebreak.App.Ranking;
using Tiebreak.Hosting.Security;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Hosting.Server;

/// <summary>What the API serves, and where.</summary>
internal sealed record ApiServerOptions : IExposure
{
    /// <summary>The judge.</summary>
    public required TiebreakOptions Judge { get; init; }

    /// <summary>The addresses to listen on. Default: the loopback interface.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5140"];

    /// <summary>The policy of <c>/v1/route</c>; null for no such route.</summary>
    public RoutingPolicy? Policy { get; init; }

    /// <summary>The answer of <c>/v1/leaderboard</c>; null for no such route.</summary>
    public LeaderboardDocument? Leaderboard { get; init; }

    /// <summary>The callers that are let in; null to let everybody in.</summary>
    public IReadOnlyList<ApiKey>? Keys { get; init; }

    /// <summary>The certificate of encrypted addresses; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Names by which the service may be asked, beside those of the loopback interface and of <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether something before the service encrypts what goes over the network.</summary>
    public bool IsBehindProxy { get; init; }

    /// <summary>The file that keeps battles that were asked about; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>Another judge that is asked the same, to see where it differs; null for none.</summary>
    public TiebreakOptions? Shadow { get; init; }

    /// <summary>The file of the battles about which <see cref="Shadow"/> differs.</summary>
    public string Divergences { get; init; } = "divergences.jsonl";

    /// <summary>Adds services of the program around the API, such as exporters of metrics, and the configuration that they read.</summary>
    public Action<IHostApplicationBuilder> AddServices { get; init; } = _ => { };

    /// <summary>Maps routes of the program around the API.</summary>
    public Action<WebApplication> MapRoutes { get; init; } = _ => { };

    /// <summary>Where it is logged what happens.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }
}
