using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>Where a hub is, and how patiently files are fetched from it. A proxy is taken from the usual environment variables.</summary>
public sealed record HubOptions
{
    /// <summary>The address of the hub. Default: Hugging Face.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Sent to the hub, and to no other host, for gated files. Default: none.</summary>
    /// <exception cref="InputException">It holds characters that no token has, such as spaces.</exception>
    public string? Token
    {
        get;
        init => field = value is null || value.All(character => character is > ' ' and <= '~')
            ? value
            : throw new InputException("The token in HF_TOKEN holds characters that no token has. Set it again.");
    }

    /// <summary>
    /// The typical pause before the second attempt; it doubles from attempt to attempt, up to five minutes, and varies by chance (jitter).
    /// A pause that the server asks for is obeyed instead. Default: 1 s.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts in a row that may bring no new byte before a download fails; at least 1. Default: 6.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>A connection that is silent for so long counts as broken; 10 ms to a day. Default: 60 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The options of this machine: <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c> of the environment.</summary>
    /// <exception cref="InputException"><c>HF_ENDPOINT</c> is no address of a hub, or <c>HF_TOKEN</c> is no token.</exception>
    public static HubOptions FromEnvironment()
    {
        var options = new HubOptions { Token = Value("HF_TOKEN") };
        return Value("HF_ENDPOINT") is { } endpoint ? options with { Endpoint = ParseEndpoint(endpoint) } : options;
    }

    // A password in the address would get into messages; so the value is not shown here either.
    internal static Uri ParseEndpoint(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" &&
        address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            ? address
            : throw new InputException(
                "The environment variable HF_ENDPOINT must be an http or https address such as https://huggingface.co, " +
                "without a user name, a query or a fragment.");

    // A record prints its members; the token must not get into a log.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(nameof(Endpoint)).Append(" = ").Append(Endpoint).Append(", ");
        builder.Append(nameof(Token)).Append(" = ").Append(Token is null ? "none" : "***");
        return true;
    }

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
