using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Tiebreak.Client;

/// <summary>
/// Asks a service of Tiebreak. Safe to call from many threads. What is asked changes nothing there, so that everything may be tried
/// again.
/// </summary>
/// <param name="http">
/// Knows the address of the service; <see cref="TiebreakClientServices.AddTiebreakClient"/> makes one that tries again and gives up in
/// time.
/// </param>
public sealed class TiebreakClient(HttpClient http)
{
    private const string Lines = "application/x-ndjson";
    private const int BattlesAtOnce = 100;
    private const int RequestsAtOnce = 4;
    private const int TriesOfLines = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks about one battle.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="bothOrders">Whether the answers of both orders are wanted, beside the judge's own.</param>
    /// <param name="explain">Whether reasons are wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TiebreakApiException">The service refuses the request.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached.</exception>
    public async Task<JudgedBattle> JudgeAsync(
        Battle battle, bool bothOrders = false, bool explain = false, CancellationToken cancellationToken = default)
    {
        var answers = await JudgeAsync([battle], Address(bothOrders, explain), cancellationToken).ConfigureAwait(false);
        return answers[0];
    }

    /// <summary>Asks about any number of battles, a hundred a request and a few requests at once.</summary>
    /// <param name="battles">The battles; they are read as fast as they are answered.</param>
    /// <param name="bothOrders">Whether the answers of both orders are wanted, beside the judge's own.</param>
    /// <param name="explain">Whether reasons are wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One answer for each battle, in their order.</returns>
    /// <exception cref="TiebreakApiException">The service refuses a request.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached.</exception>
    public IAsyncEnumerable<JudgedBattle> JudgeAsync(
        IAsyncEnumerable<Battle> battles, bool bothOrders = false, bool explain = false, CancellationToken cancellationToken = default) =>
        JudgeInPartsAsync(battles, Address(bothOrders, explain), cancellationToken);

    /// <summary>Ranks two to sixteen responses to one prompt.</summary>
    /// <param name="prompt">What the person wrote.</param>
    /// <param name="responses">The responses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The responses, the best first.</returns>
    /// <exception cref="TiebreakApiException">The service refuses the request.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached.</exception>
    public async Task<IReadOnlyList<RankedResponse>> RateAsync(
        string prompt, IReadOnlyList<string> responses, CancellationToken cancellationToken = default)
    {
        using var content = JsonContent.Create(new RateRequest(prompt, responses), ClientJson.Default.RateRequest);
        await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false); // so that it can be sent again
        using var response = await http.PostAsync(new Uri("v1/rate", UriKind.Relative), content, cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        var answer = await response.Content.ReadFromJsonAsync(ClientJson.Default.RateAnswer, cancellationToken).ConfigureAwait(false);
        return answer!.Ranking;
    }

    private static Uri Address(bool bothOrders, bool explain) => new(
        $"v1/judge?both_orders={(bothOrders ? "true" : "false")}&explain={(explain ? "true" : "false")}", UriKind.Relative);

    private async IAsyncEnumerable<JudgedBattle> JudgeInPartsAsync(
        IAsyncEnumerable<Battle> battles, Uri address, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var running = new Queue<Task<JudgedBattle[]>>();
        var place = 0;
        await foreach (var part in battles.Chunk(BattlesAtOnce).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Battle[] numbered = [.. part.Select(battle => battle with { Id = battle.Id ?? $"{place++}" })];
            running.Enqueue(JudgeAsync(numbered, address, cancellationToken));
            if (running.Count == RequestsAtOnce)
            {
                foreach (var answer in await running.Dequeue().ConfigureAwait(false))
                    yield return answer;
            }
        }

        while (running.TryDequeue(out var last))
        {
            foreach (var answer in await last.ConfigureAwait(false))
                yield return answer;
        }
    }

    // An answer may break off when the service ends. What was answered is kept, and the rest is asked again.
    private async Task<JudgedBattle[]> JudgeAsync(Battle[] battles, Uri address, CancellationToken cancellationToken)
    {
        var answers = new List<JudgedBattle>(battles.Length);
        for (var tries = 1; answers.Count < battles.Length; tries++)
        {
            try
            {
                await AddAnswersAsync(battles, address, answers, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (tries < TriesOfLines && IsBroken(exception))
            {
                await Task.Delay(Pause * tries, cancellationToken).ConfigureAwait(false);
            }
        }

        return [.. answers];
    }

    // The last line of an answer that breaks off may be half a line.
    private static bool IsBroken(Exception exception) =>
        exception is IOException or JsonException or HttpRequestException { StatusCode: null };

    private async Task AddAnswersAsync(
        Battle[] battles, Uri address, List<JudgedBattle> answers, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(LinesOf(battles.AsSpan(answers.Count)));
        content.Headers.ContentType = new MediaTypeHeaderValue(Lines);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            answers.Add(JsonSerializer.Deserialize(line, ClientJson.Default.JudgedBattle)!);
        if (answers.Count < battles.Length)
            throw new IOException("The answer broke off.");
    }

    private static byte[] LinesOf(ReadOnlySpan<Battle> battles)
    {
        using var stream = new MemoryStream();
        foreach (var battle in battles)
        {
            JsonSerializer.Serialize(stream, battle, ClientJson.Default.Battle);
            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        ProblemDocument? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(text, ClientJson.Default.ProblemDocument);
        }
        catch (JsonException)
        {
            // Something between client and service answered.
        }

        throw new TiebreakApiException(
            response.StatusCode, problem?.Code ?? "http", problem?.Detail ?? $"The service answered {(int)response.StatusCode}.");
    }
}
