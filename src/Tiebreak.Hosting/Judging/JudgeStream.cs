using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Tiebreak.Hosting.Batching;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Judging;

/// <summary>
/// Answers a stream of battles with a stream of results, in the same order, while the battles are still arriving. A caller who sends a
/// lot must read while it sends: what it does not read stops the reading here.
/// </summary>
/// <param name="judge">The judge, for the length of the request.</param>
/// <param name="question">What is asked about each battle.</param>
/// <param name="options">The limits of requests.</param>
internal sealed class JudgeStream(JudgeLease judge, JudgeQuestion question, TiebreakOptions options)
{
    private const int BattlesAtOnce = 64;
    private const int PartsAtOnce = 8;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <summary>Answers.</summary>
    /// <exception cref="QueueFullException">Too much waits already, and nothing has been answered yet.</exception>
    public async Task AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Unbind(context.Features);
        var parts = Channel.CreateBounded<Task<BattleResult[]>>(PartsAtOnce);
        var reading = ReadAsync(context.Request, parts.Writer, stop.Token);
        try
        {
            await foreach (var part in parts.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
                await WriteAsync(context.Response, await part.ConfigureAwait(false), stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // An empty stream has an empty answer.
        context.Response.ContentType ??= JudgeEndpoint.Lines;
    }

    // A stream may be long, and may pause for longer than a request that was lost on the way.
    private static void Unbind(IFeatureCollection features)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    private async Task ReadAsync(HttpRequest request, ChannelWriter<Task<BattleResult[]>> parts, CancellationToken cancellationToken)
    {
        try
        {
            // What is asked at once fits into an empty queue.
            var lines = new BattleLines(request.BodyReader, options.RequestBytes, Math.Min(BattlesAtOnce, options.QueueBattles));
            var isFirst = true;
            while (await lines.NextAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } posted)
            {
                await parts.WriteAsync(AskAsync(posted, waits: !isFirst, cancellationToken), cancellationToken).ConfigureAwait(false);
                isFirst = false;
            }

            parts.Complete();
        }
        catch (Exception exception)
        {
            parts.Complete(exception);
        }
    }

    // Once the answer has begun it is too late for a status that says "later"; the caller waits then.
    private async Task<BattleResult[]> AskAsync(List<PostedBattle> posted, bool waits, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var results = await question.AskAsync(judge, posted, cancellationToken).ConfigureAwait(false);
                for (var i = 0; i < results.Length; i++)
                {
                    if (posted[i].UnknownKeys is { } keys)
                        results[i] = results[i] with { UnknownKeys = keys };
                }

                return results;
            }
            catch (QueueFullException) when (waits)
            {
                await judge.Judge.Batching.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteAsync(HttpResponse response, BattleResult[] results, CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
        {
            // Before the first byte: what fails from here on cannot be told by a status any more.
            response.ContentType = JudgeEndpoint.Lines;
            await response.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            foreach (var result in results)
            {
                JsonSerializer.Serialize(json, result, ApiJson.Default.BattleResult);
                json.Flush();
                json.Reset();
                response.BodyWriter.Write(LineEnd);
            }
        }

        await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
