using System.Net.Mime;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Judging;

/// <summary><c>POST /v1/judge</c>: one battle, a list of them, or a stream with one on each line.</summary>
/// <param name="judge">The judge.</param>
internal sealed class JudgeEndpoint(ServedJudge judge)
{
    /// <summary>The header that names the kind of the judge and its version.</summary>
    public const string JudgeHeader = "Tiebreak-Judge";

    /// <summary>The media type of streams.</summary>
    public const string Lines = "application/x-ndjson";

    public async Task AnswerAsync(HttpContext context)
    {
        using var lease = judge.RentToAsk();
        var opened = lease.Judge;
        context.Response.Headers[JudgeHeader] = $"{opened.Bundle.Manifest.Kind}/{opened.Version}";
        if (IsLines(JsonRequest.MediaTypeOf(context.Request, MediaTypeNames.Application.Json, Lines)))
        {
            using var time = RequestTime.OfStream(context, judge.Options.Timeout);
            var question = JudgeQuestion.Of(context.Request.Query, time);
            await new JudgeStream(lease, question, judge.Options).AnswerAsync(context, time.Over).ConfigureAwait(false);
        }
        else
        {
            using var time = RequestTime.Of(context, judge.Options.Timeout);
            var question = JudgeQuestion.Of(context.Request.Query, time);
            await AnswerAsync(context, lease, question, time.Over).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a media type is that of streams.</summary>
    private static bool IsLines(string mediaType) => string.Equals(mediaType, Lines, StringComparison.Ordinal);

    private async Task AnswerAsync(HttpContext context, JudgeLease lease, JudgeQuestion question, CancellationToken cancellationToken)
    {
        var options = judge.Options;
        var body = await JsonRequest.ReadBodyAsync(context.Request, options.RequestBytes, cancellationToken).ConfigureAwait(false);
        var elements = JsonRequest.Elements(body, options.RequestBattles, out var isList);
        lease.Judge.Batching.ThrowIfFull(elements.Count);
        var battles = new PostedBattles();
        var posted = elements.ConvertAll(battles.Read);

        // Of a list the other battles are judged all the same.
        if (!isList && posted[0].Problem is { } problem)
            throw ApiException.Input($"The battle {problem}.");

        var results = await question.AskAsync(lease, posted, cancellationToken).ConfigureAwait(false);
        string[] unknown = [.. posted.SelectMany(battle => battle.UnknownKeys ?? [])];
        await context.Response.WriteAsJsonAsync(
            new JudgeAnswer(results, unknown.Length > 0 ? unknown : null), ApiJson.Default.JudgeAnswer, contentType: null,
            context.RequestAborted).ConfigureAwait(false);
    }
}
