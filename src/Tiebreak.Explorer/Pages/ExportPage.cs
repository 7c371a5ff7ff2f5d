using Tiebreak.Core;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Pages;

/// <summary>Sends the battles of a selection as a file, in the order of the explored files.</summary>
/// <param name="index">The battles.</param>
internal sealed class ExportPage(BattleIndex index)
{
    /// <summary>Answers <c>/battles/export</c>.</summary>
    public async Task SendAsync(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query, "format");
        var (format, mediaType) = query["format"] switch
        {
            null or "jsonl" => ("jsonl", "application/jsonl"),
            "csv" => ("csv", "text/csv; charset=utf-8"),
            "parquet" => ("parquet", "application/vnd.apache.parquet"),
            _ => throw new InputException("format is jsonl, csv or parquet."),
        };

        // A file on the disk, and not the answer itself: what fails is then told as an error instead of ending a file too early.
        var folder = Directory.CreateTempSubdirectory("tiebreak-export-");
        try
        {
            var path = Path.Combine(folder.FullName, $"battles.{format}");
            await Task.Run(() => index.Export(query.Filter, path), context.RequestAborted).ConfigureAwait(false);
            context.Response.ContentType = mediaType;
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"battles.{format}\"";
            await context.Response.SendFileAsync(path, context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
