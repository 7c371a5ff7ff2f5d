using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Tiebreak.Testing;

/// <summary>
/// A hub on this machine with one repository, that breaks as it is told to. Speaks HTTP/1.1 over plain sockets, so that it can break
/// anywhere.
/// </summary>
public sealed class FakeHub : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<FakeHubRequest> _requests = [];

    public FakeHub()
    {
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The files by path; those over 1000 bytes are listed with SHA-256, others with git's blob id.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Answers a request instead of the hub; null leaves it to the hub. The number is that of the request for a file, from 1.
    /// </summary>
    public Func<FakeHubRequest, int, FakeHubAnswer?> Behave { get; set; } = (_, _) => null;

    /// <summary>Version of the files, as the server says it.</summary>
    public string Tag { get; set; } = "\"v1\"";

    /// <summary>What was asked so far.</summary>
    public IReadOnlyList<FakeHubRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>The requests for files.</summary>
    public IEnumerable<FakeHubRequest> Downloads => Requests.Where(request => request.Path.Contains("/resolve/", StringComparison.Ordinal));

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    /// <summary>The whole of a file, or the part that was asked for.</summary>
    public FakeHubAnswer Serve(FakeHubRequest request)
    {
        var file = Files[Uri.UnescapeDataString(request.Path.Split("/resolve/c0ffee/")[1])];
        var isPart = request.Headers.TryGetValue("Range", out var range)
            && string.Equals(request.Headers.GetValueOrDefault("If-Range"), Tag, StringComparison.Ordinal);
        if (!isPart)
            return new FakeHubAnswer { Body = file, Headers = { ["ETag"] = Tag } };

        var from = int.Parse(range!["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return new FakeHubAnswer
        {
            Status = 206,
            Body = file[from..],
            Headers = { ["ETag"] = Tag, ["Content-Range"] = $"bytes {from}-{file.Length - 1}/{file.Length}" },
        };
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => AnswerAsync(client));
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            await using var stream = client.GetStream();
            if (await FakeHubRequest.ReadAsync(stream) is not { } request)
                return;

            int number;
            lock (_lock)
            {
                _requests.Add(request);
                number = _requests.Count(known => known.Path.Contains("/resolve/", StringComparison.Ordinal));
            }

            await (Behave(request, number) ?? Answer(request)).WriteAsync(stream);
        }
    }

    private FakeHubAnswer Answer(FakeHubRequest request) => request.Path switch
    {
        var path when path.Contains("/revision/", StringComparison.Ordinal) => FakeHubAnswer.Json("""{"sha":"c0ffee"}"""),
        var path when path.Contains("/tree/", StringComparison.Ordinal) =>
            FakeHubAnswer.Json($"[{string.Join(',', Files.Select(Listed))}]"),
        var path when path.Contains("/resolve/", StringComparison.Ordinal) => Serve(request),
        _ => new FakeHubAnswer { Status = 404 },
    };

    private static string Listed(KeyValuePair<string, byte[]> file)
    {
        var (path, content) = file;
        byte[] blob = [.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content];
#pragma warning disable CA5350 // Git's blob ids are SHA-1.
        var oid = Convert.ToHexStringLower(SHA1.HashData(blob));
#pragma warning restore CA5350
        var lfs = content.Length <= 1000
            ? ""
            : $$""","lfs":{"oid":"{{Convert.ToHexStringLower(SHA256.HashData(content))}}","size":{{content.Length}},"pointerSize":130}""";
        return $$"""{"type":"file","oid":"{{oid}}","size":{{content.Length}},"path":"{{path}}"{{lfs}}}""";
    }
}
