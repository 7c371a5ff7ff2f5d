using System.Net.Http.Headers;
using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.Benchmarks;

/// <summary>Battles as requests of the API carry them.</summary>
internal sealed class JudgeBodies
{
    private readonly byte[][] _json;

    /// <param name="file">A file of battles.</param>
    public JudgeBodies(string file)
    {
        Battles = BattleSet.Load([file], new BattleReadOptions { Purpose = BattlePurpose.Test }).Battles;
        _json = [.. Battles.Select(Json)];
    }

    /// <summary>The battles.</summary>
    public IReadOnlyList<Battle> Battles { get; }

    /// <summary>How many there are.</summary>
    public int Count => _json.Length;

    /// <summary>The mean size of a battle in bytes.</summary>
    public double MeanBytes => _json.Average(battle => battle.Length);

    /// <summary>One battle; places begin again behind the last.</summary>
    public ByteArrayContent One(int place) => Content(_json[place % Count], "application/json");

    /// <summary>A list of battles from a place on.</summary>
    public ByteArrayContent List(int place, int size)
    {
        var json = Joined(place, size, (byte)',', begin: (byte)'[');
        json[^1] = (byte)']';
        return Content(json, "application/json");
    }

    /// <summary>A stream of battles from a place on.</summary>
    public ByteArrayContent Lines(int place, int size) => Content(Joined(place, size, (byte)'\n'), "application/x-ndjson");

    /// <summary>A body of some type.</summary>
    public static ByteArrayContent Content(byte[] body, string mediaType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    private byte[] Joined(int place, int size, byte end, params ReadOnlySpan<byte> begin)
    {
        using var stream = new MemoryStream();
        stream.Write(begin);
        for (var i = place; i < place + size; i++)
        {
            stream.Write(_json[i % Count]);
            stream.WriteByte(end);
        }

        return stream.ToArray();
    }

    private static byte[] Json(Battle battle)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            BattleJson.Write(json, battle);
        return stream.ToArray();
    }
}
