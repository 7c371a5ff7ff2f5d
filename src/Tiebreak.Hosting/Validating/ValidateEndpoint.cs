using System.Net.Mime;
using Tiebreak.App;
using Tiebreak.App.Evaluating;
using Tiebreak.App.Validating;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Validating;

/// <summary><c>POST /v1/validate</c>: how far the judge agrees with the votes of posted battles, and what it can be used for.</summary>
/// <param name="judge">The judge.</param>
/// <param name="loggerFactory">Where it is logged what happens.</param>
internal sealed class ValidateEndpoint(ServedJudge judge, ILoggerFactory loggerFactory)
{
    public async Task AnswerAsync(HttpContext context)
    {
        using var lease = judge.RentToAsk();
        using var time = RequestTime.Of(context, judge.Options.Timeout);
        _ = JsonRequest.MediaTypeOf(context.Request, MediaTypeNames.Application.Json);
        QueryFlags.RequireOnly(context.Request.Query);
        var body = await JsonRequest.ReadBodyAsync(context.Request, judge.Options.RequestBytes, time.Over).ConfigureAwait(false);
        var posted = new PostedBattles();
        Battle[] battles =
        [
            .. JsonRequest.Elements(body, judge.Options.RequestBattles, out _).ConvertAll(posted.Read).Select(Labelled),
        ];
        var bundle = lease.Judge.Bundle;
        var job = new JobContext
        {
            Judges = new JudgeRegistry(judge.Options.Kinds),
            Placement = judge.Options.Placement,
            Threads = judge.Options.Placement.Threads,
            LoggerFactory = loggerFactory,
        };
        var document = await ValidateJudge.OfAsync(
            job, bundle, lease.Judge.Batching, $"judge {lease.Judge.Version}", battles, SeenShare.Of(job, bundle, battles, files: []),
            requirements: [], time.Over).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(document, AppJson.Default.ValidationDocument, contentType: null, context.RequestAborted)
            .ConfigureAwait(false);
    }

    // A validation says what it rests on; none of it may be missing without a word.
    private static Battle Labelled(PostedBattle posted, int place)
    {
        var problem = posted.Problem
            ?? (posted.UnknownWinner is { } winner ? VerdictText.Unknown(winner)
            : posted.Battle!.Target is null ? "has no winner, so that nothing can be compared with the judge" : null);
        return problem is null
            ? posted.Battle!
            : throw ApiException.Input($"Battle {posted.Id}, the one at place {place} of the list, {problem}. Leave it out or mend it.");
    }
}
