using System.Text.Json;
using Tiebreak.App;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Pages;

/// <summary>Sends the battles of a selection as a file.</summary>
/// <param name="index">The battles.</param>
internal sealed class ExportPage(BattleIndex index)
{
    // CSV and Parquet are put together in memory before they are sent.
    private const int MostInMemory = 100_000;
    private const int BlockSize = 1_000;

    /// <summary>Answers <c>/battles/export</c>.</summary>
    public async Task SendAsync(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query, "format");
        var format = query["format"] ?? "jsonl";
        var response = context.Response;
        response.Headers.ContentDisposition = format is "jsonl" or "csv" or "parquet"
            ? $"attachment; filename=\"battles.{format}\""
            : throw new InputException("format is jsonl, csv or parquet.");
        if (format is "jsonl")
            await SendLinesAsync(response, query, context.RequestAborted).ConfigureAwait(false);
        else
            await SendFileAsync(response, query, format, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task SendLinesAsync(HttpResponse response, BattleQuery query, CancellationToken cancellationToken)
    {
        response.ContentType = "application/jsonl";
        using var json = new Utf8JsonWriter(response.BodyWriter);
        foreach (var battle in Battles(query))
        {
            BattleJson.Write(json, battle);
            await json.FlushAsync(cancellationToken).ConfigureAwait(false);
            json.Reset();
            await response.BodyWriter.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendFileAsync(HttpResponse response, BattleQuery query, string format, CancellationToken cancellationToken)
    {
        if (index.Page(query.Filter, query.Sort, offset: 0, size: 1).Total > MostInMemory)
        {
            throw new InputException(
                $"As {format} at most {MostInMemory:N0} battles are sent at once. Take JSONL, which has no limit, or a smaller selection.");
        }

        var folder = Directory.CreateTempSubdirectory("tiebreak-export-");
        try
        {
            var path = Path.Combine(folder.FullName, $"battles.{format}");
            BattleFiles.Write(path, [.. Battles(query)]);
            response.ContentType = format is "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
            await response.SendFileAsync(path, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private IEnumerable<Battle> Battles(BattleQuery query)
    {
        for (var offset = 0L; ; offset += BlockSize)
        {
            var page = index.Page(query.Filter, query.Sort, offset, BlockSize);
            foreach (var line in page.Lines)
                yield return index.At(line.Number)!.Battle;
            if (page.Lines.Count < BlockSize)
                yield break;
        }
    }
}
