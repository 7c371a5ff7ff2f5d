using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tiebreak.App;
using Tiebreak.Hosting.OpenApi;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Recording;
using Tiebreak.Hosting.Routing;
using Tiebreak.Hosting.Security;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Server;

/// <summary>The API as a program of its own. It reads no settings but those that it is given.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const string ShadowName = "shadow";

    private readonly WebApplication _app;

    private ApiServer(WebApplication app) => _app = app;

    /// <summary>The addresses that it listens on.</summary>
    public IReadOnlyCollection<string> Urls => [.. _app.Urls];

    /// <summary>The routes.</summary>
    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>Listens, opens the judge, and returns when the judge is ready.</summary>
    /// <exception cref="Core.InputException">The bundle cannot be opened, or an address cannot be listened on.</exception>
    public static async Task<ApiServer> StartAsync(ApiServerOptions options, CancellationToken cancellationToken)
    {
        var server = new ApiServer(Build(options));
        try
        {
            await server._app.StartAsync(cancellationToken).ConfigureAwait(false);
            var judge = server._app.Services.GetRequiredKeyedService<ServedJudge>(Options.DefaultName);
            await judge.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (options.Shadow is not null)
            {
                var shadow = server._app.Services.GetRequiredKeyedService<ServedJudge>(ShadowName);
                await shadow.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return server;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            if (exception is IOException)
                throw new Core.InputException($"Cannot listen on {string.Join(", ", options.Urls)}: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Serves until it is told to stop; requests that have begun are answered.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(ApiServerOptions options)
    {
        Exposure.ThrowIfUnsafe(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "tiebreak" });
        Listen(builder.WebHost, options);
        AddServices(builder.Services, options);
        options.AddServices(builder);
        var app = builder.Build();
        app.Services.GetRequiredKeyedService<ServedJudge>(Options.DefaultName).Observer = app.Services.GetRequiredService<ServedObserver>();
        AddGuards(app, options);
        MapRoutes(app, options);
        return app;
    }

    private static void Listen(IWebHostBuilder host, ApiServerOptions options)
    {
        host.UseKestrelCore().UseUrls([.. options.Urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // routes limit what they read, also after unpacking, and answer what is too long
            if (options.Certificate is { } certificate)
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
        });
        if (options.Certificate is not null)
            host.UseKestrelHttpsConfiguration();
    }

    private static void AddServices(IServiceCollection services, ApiServerOptions options)
    {
        services.Replace(ServiceDescriptor.Singleton(options.LoggerFactory));
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = options.Judge.Timeout;

            // A judge that cannot be opened is told by StartAsync, in the words of its error.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        services.AddRoutingCore();
        services.AddRequestDecompression();
        services.AddHostFiltering(filter =>
        {
            filter.AllowedHosts = [.. Exposure.HostsOf(options)];
            filter.IncludeFailureMessage = false;
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = KeyGuard.CreateLimiter();
            limiter.OnRejected = (rejected, _) => KeyGuard.RefuseAsync(rejected.HttpContext, rejected.Lease);
        });

        services.AddTiebreak(options.Judge.CopyTo);
        if (options.Shadow is { } shadow)
            services.AddTiebreak(ShadowName, shadow.CopyTo);
        services.AddSingleton(provider => new ServedObserver(
            options.Record is { } record ? BattleRecord.Open(record) : null,
            options.Shadow is null
                ? null
                : new ShadowComparison(provider.GetRequiredKeyedService<ServedJudge>(ShadowName), BattleRecord.Open(options.Divergences))));
    }

    private static void AddGuards(WebApplication app, ApiServerOptions options)
    {
        app.UseStatusCodePages(context => ProblemAnswers.WriteAsync(
            context.HttpContext, ProblemAnswers.OfStatus(context.HttpContext.Response.StatusCode)));
        app.UseHostFiltering();
        if (options.Keys is { } keys)
        {
            var guard = new KeyGuard(keys);
            app.Use(next => context => guard.InvokeAsync(context, next));
            app.UseRateLimiter();
        }

        app.UseRequestDecompression();
    }

    private static void MapRoutes(WebApplication app, ApiServerOptions options)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks(
            "/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(TiebreakServices.ReadyTag) });
        app.MapTiebreak();
        if (options.Policy is { } policy)
            app.MapPost("/v1/route", ProblemAnswers.Guarding(new RoutingEndpoint(policy, options.Judge).AnswerAsync));
        if (options.Leaderboard is { } leaderboard)
        {
            app.MapGet(
                "/v1/leaderboard", Sending(JsonSerializer.SerializeToUtf8Bytes(leaderboard, AppJson.Default.LeaderboardDocument)));
        }

        app.MapGet(OpenApiDocument.Path, Sending(OpenApiDocument.Read()));
        options.MapRoutes(app);
    }

    private static RequestDelegate Sending(byte[] json) => context =>
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    };
}
