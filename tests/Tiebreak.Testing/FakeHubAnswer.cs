using System.Globalization;
using System.Text;

namespace Tiebreak.Testing;

/// <summary>What a <see cref="FakeHub"/> answers.</summary>
public sealed record FakeHubAnswer
{
    public int Status { get; init; } = 200;

    public byte[] Body { get; init; } = [];

    public string Type { get; init; } = "application/octet-stream";

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The connection breaks after so many bytes of the body. Default: it does not.</summary>
    public int BreaksAfter { get; init; } = int.MaxValue;

    /// <summary>The length that the server claims. Default: the body's.</summary>
    public int? ClaimedLength { get; init; }

    /// <summary>How long the connection then stays open in silence. Default: it is closed at once.</summary>
    public TimeSpan Silence { get; init; }

    public static FakeHubAnswer Json(string text) => new() { Body = Encoding.UTF8.GetBytes(text), Type = "application/json" };

    internal async Task WriteAsync(Stream stream)
    {
        var head = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status} Answer\r\nConnection: close\r\nContent-Type: {Type}\r\nContent-Length: {ClaimedLength ?? Body.Length}\r\n");
        foreach (var (name, value) in Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\n"));
        await stream.WriteAsync(Body.AsMemory(0, Math.Min(BreaksAfter, Body.Length)));
        await Task.Delay(Silence);
    }
}
