using Microsoft.Extensions.DependencyInjection.Extensions;
using Tiebreak.App.Predicting;
using Tiebreak.App.Training;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Pages;
using Tiebreak.Explorer.Voting;
using Tiebreak.Explorer.Work;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Explorer.Server;

/// <summary>The explorer as a program of its own. It reads no settings but those that it is given.</summary>
internal sealed class ExplorerServer : IAsyncDisposable
{
    private const int MostFormBytes = 4 * 1024 * 1024;

    private readonly ExplorerOptions _options;
    private readonly BattleIndex _index;
    private readonly JudgeShelf _judges;
    private readonly NamedPaths _runs;
    private readonly NamedPaths _trainings;
    private readonly PredictionShelf _predictions;
    private readonly MeaningIndex? _meanings;
    private readonly BackgroundWork _work;
    private readonly BackgroundScoring _scoring;
    private readonly VoteFile _votes;
    private readonly WebApplication _app;

    private ExplorerServer(ExplorerOptions options, Named named, BattleIndex index, JudgeShelf judges, VoteFile votes)
    {
        (_options, _index, _judges, _votes) = (options, index, judges, votes);
        (_, _runs, _, _trainings) = named;
        _predictions = new PredictionShelf(options.Context, named.Runs, named.Predictions);
        _work = new BackgroundWork(options.Context);
        _scoring = new BackgroundScoring(index, judges, _predictions, options.Context.OnWarning);
        _meanings = options.Embedder is { } embedder
            ? new MeaningIndex(index, embedder, options.EmbedderKey, options.Context.OnWarning)
            : null;
        _app = Build();
    }

    /// <summary>The addresses that it listens on.</summary>
    public IReadOnlyCollection<string> Urls => [.. _app.Urls];

    /// <summary>The battles.</summary>
    public BattleIndex Index => _index;

    /// <summary>Opens files and judges, and listens as soon as there is something to show.</summary>
    /// <exception cref="InputException">A file or bundle cannot be opened, or an address cannot be listened on.</exception>
    public static async Task<ExplorerServer> StartAsync(ExplorerOptions options, CancellationToken cancellationToken)
    {
        Exposure.ThrowIfUnsafe(options);
        var named = Named.Of(options);
        var votes = VoteFile.Open(options.Votes);
        JudgeShelf? judges = null;
        BattleIndex? index = null;
        ExplorerServer? server = null;
        try
        {
            judges = await JudgeShelf.OpenAsync(options.Context, named.Judges, cancellationToken).ConfigureAwait(false);
            index = await BattleIndex.OpenAsync(options.Context, options.Files, options.Index, cancellationToken).ConfigureAwait(false);
            server = new ExplorerServer(options, named, index, judges, votes);
            await server._app.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch (Exception exception)
        {
            await CloseAsync(server?._app, server?._work, server?._scoring, server?._meanings, index, judges).ConfigureAwait(false);
            votes.Dispose();
            if (exception is IOException)
                throw new InputException($"Cannot listen on {string.Join(", ", options.Urls)}: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Serves until it is told to stop.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(_app, _work, _scoring, _meanings, _index, _judges).ConfigureAwait(false);
        _votes.Dispose();
    }

    private static async Task CloseAsync(params IAsyncDisposable?[] parts)
    {
        foreach (var part in parts.OfType<IAsyncDisposable>())
            await part.DisposeAsync().ConfigureAwait(false);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "tiebreak" });
        builder.WebHost.UseKestrelCore().UseUrls([.. _options.Urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostFormBytes;
            if (_options.Certificate is { } certificate)
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
        });
        if (_options.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Replace(ServiceDescriptor.Singleton(_options.Context.LoggerFactory));
        builder.Services.AddRoutingCore();
        builder.Services.AddHostFiltering(filter =>
        {
            filter.AllowedHosts = [.. Exposure.HostsOf(_options)];
            filter.IncludeFailureMessage = false;
        });
        var app = builder.Build();
        var page = new ExplorerPage(() => new PageFrame(Names(), _index.Progress), _options.Context.LoggerFactory);
        AddGuards(app, page);
        MapPages(app, page);
        return app;
    }

    private string Names() => string.Join(", ", _index.Files.Select(Path.GetFileName));

    private void AddGuards(WebApplication app, ExplorerPage page)
    {
        app.UseHostFiltering();
        app.Use(next => context => SecurityHeaders.InvokeAsync(context, next));
        app.Use(next => context => CrossSiteGuard.InvokeAsync(context, next));
        if (_options.Keys is { } keys)
        {
            var guard = new BrowserKeyGuard(keys);
            app.Use(next => context => guard.InvokeAsync(context, next));
        }

        app.UseStatusCodePages(context => page.SendAsync(
            context.HttpContext, ExplorerPage.Of(Unanswered(context.HttpContext.Response.StatusCode))));
    }

    private static Problem Unanswered(int status) => status is StatusCodes.Status404NotFound
        ? Problem.Of(status, ApiCodes.NotFound, "There is no such page. The head of this one leads to those that there are.")
        : Problem.Of(status, ErrorCodes.Input, "The request cannot be answered.");

    private void MapPages(WebApplication app, ExplorerPage page)
    {
        foreach (var asset in new[] { Asset.Style, Asset.Icon, Asset.Script })
            app.MapGet(asset.Address, asset.SendAsync);

        var threads = _options.Context.Threads;
        var booth = new VotingBooth(
            _votes, new IndexBallots(_index, threads), _options.RandomShare, _options.Context.Seed, TimeProvider.System);
        var counts = new WholeCounts(_index);
        var (battle, compare, vote) = (new BattleDetailPage(_index, _judges), new ComparePage(_judges), new VotePage(booth));
        page.Map(app, "/", At(new OverviewPage(_index, counts).Answer));
        page.Map(app, "/battles", At(new BattlesPage(_index, counts).Answer));
        app.MapGet("/battles/export", ProblemAnswers.Guarding(new ExportPage(_index).SendAsync));
        page.Map(app, "/battle/{number:int}", battle.AnswerAsync);
        app.MapGet("/battle", page.Explained(battle.RedirectAsync));
        page.Map(app, "/battle/{number:int}/similar", new SimilarPage(_index, _meanings).AnswerAsync);
        var topics = new TopicsPage(_index, _work);
        page.Map(app, "/topics", topics.AnswerAsync);
        app.MapGet("/topics/assignments.csv", ProblemAnswers.Guarding(topics.SendAssignmentsAsync));
        page.Map(app, "/models", At(new ModelsPage(_index).Answer));
        page.Map(app, "/leaderboard", new LeaderboardPage(_index, counts, _work, threads).AnswerAsync);
        var traits = new TraitsPage(_index, _work, threads);
        page.Map(app, "/why", traits.AnswerAsync);
        page.Map(app, "/models/style", traits.AnswerModelsAsync);
        var judge = new JudgePage(_index, _judges, _predictions, _work);
        page.Map(app, "/judge", judge.AnswerAsync);
        page.Map(app, "/judge/validation", judge.AnswerValidationAsync);
        page.Map(app, "/judges", At(new JudgesPage(_index).Answer));
        page.Map(app, "/compare", compare.AnswerAsync);
        app.MapPost("/compare", page.Explained(async context =>
            await page.SendAsync(context, await compare.AnswerAsync(context).ConfigureAwait(false)).ConfigureAwait(false)));
        page.Map(app, "/runs", At(new RunsPage(_runs, _trainings).Answer));
        page.Map(app, "/runs/scoring", At(new RunPage(_runs).Answer));
        page.Map(app, "/runs/training", At(new TrainingPage(_trainings).Answer));
        page.Map(app, "/vote", At(vote.Answer));
        page.Map(app, "/vote/name", At(VotePage.AnswerName));
        page.Map(app, "/vote/results", At(new VoteResultsPage(_votes, _index, threads).Answer));
        app.MapGet("/vote/ahead", ProblemAnswers.Guarding(vote.SendAheadAsync));
        app.MapPost("/vote/name", page.Explained(VotePage.TakeNameAsync));
        app.MapPost("/vote", VoteAnswers(page, vote));
    }

    // The script asks for JSON, and shows the sentence of what went wrong beside the battle.
    private static RequestDelegate VoteAnswers(ExplorerPage page, VotePage vote)
    {
        var (forScript, forPerson) = (ProblemAnswers.Guarding(vote.TakeAsync), page.Explained(vote.TakeAsync));
        return context => (context.Request.Headers.Accept == "application/json" ? forScript : forPerson)(context);
    }

    private static Func<HttpContext, Task<PageContent>> At(Func<HttpContext, PageContent> answer) =>
        context => Task.FromResult(answer(context));

    /// <summary>What the command line named, by the names that requests use.</summary>
    private sealed record Named(NamedPaths Judges, NamedPaths Runs, NamedPaths Predictions, NamedPaths Trainings)
    {
        /// <exception cref="InputException">A folder is no run or training, a file is not there, or two have one name.</exception>
        public static Named Of(ExplorerOptions options)
        {
            foreach (var run in options.Runs)
                ReadRunStatus.Of(run);
            foreach (var training in options.Trainings)
                ReadTrainingStatus.Of(training);
            if (options.Predictions.FirstOrDefault(file => !File.Exists(file)) is { } missing)
                throw new InputException($"There is no file {missing}.");
            _ = new NamedPaths("judge, run or file of predictions", [.. options.Judges, .. options.Runs, .. options.Predictions]);
            return new Named(
                new NamedPaths("judge", options.Judges), new NamedPaths("run", options.Runs),
                new NamedPaths("predictions", options.Predictions), new NamedPaths("training", options.Trainings));
        }
    }
}
