using System.Text;

namespace Tiebreak.Testing;

/// <summary>What a client asked a <see cref="FakeHub"/>.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">By name.</param>
public sealed record FakeHubRequest(string Path, IReadOnlyDictionary<string, string> Headers)
{
    internal static async Task<FakeHubRequest?> ReadAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0)
                return null;
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        return new FakeHubRequest(lines[0].Split(' ')[1], headers);
    }
}
