using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>Where a hub is, and how patiently files are fetched from it. A proxy is taken from the usual environment variables.</summary>
public sealed record HubOptions
{
    /// <summary>The address of the hub. Default: Hugging Face.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Shown to the hub, and to no other host, for gated files. Default: none.</summary>
    public string? Token { get; init; }

    /// <summary>The pause before the second try; it doubles from try to try. A server that says when to come back is believed, up to five minutes. Default: 1 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Tries in a row that may bring no byte before a download fails. Default: 6.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>A connection that is silent for so long is broken. Default: 60 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The options of this machine: <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c> of the environment.</summary>
    /// <exception cref="InputException"><c>HF_ENDPOINT</c> is no address.</exception>
    public static HubOptions FromEnvironment()
    {
        var options = new HubOptions { Token = Value("HF_TOKEN") };
        if (Value("HF_ENDPOINT") is not { } endpoint)
            return options;
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? options with { Endpoint = address }
            : throw new InputException($"The environment variable HF_ENDPOINT is \"{endpoint}\", which is no http or https address.");
    }

    // A record prints its members; the token must not get into a log.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(nameof(Endpoint)).Append(" = ").Append(Endpoint).Append(", ").Append(nameof(Token)).Append(" = ").Append(Token is null ? "none" : "***");
        return true;
    }

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
