using System.Security.Cryptography;

namespace Tiebreak.Explorer.Server;

/// <summary>A file of the explorer itself: its style sheet, its script, its icon. Its address changes with its content.</summary>
internal sealed class Asset
{
    private readonly byte[] _content;

    private Asset(string name, string mediaType)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream($"assets/{name}")
            ?? throw new InvalidOperationException($"The build left out {name}.");
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        MediaType = mediaType;
        Address = $"/assets/{Convert.ToHexStringLower(SHA256.HashData(_content))[..12]}/{name}";
    }

    public static Asset Style { get; } = new("explorer.css", "text/css; charset=utf-8");

    public static Asset Icon { get; } = new("explorer.svg", "image/svg+xml");

    public static Asset Script { get; } = new("explorer.js", "text/javascript; charset=utf-8");

    /// <summary>The path by which pages name it.</summary>
    public string Address { get; }

    private string MediaType { get; }

    /// <summary>Answers a request for it; browsers may keep it for good.</summary>
    public Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return context.Response.Body.WriteAsync(_content, context.RequestAborted).AsTask();
    }
}
