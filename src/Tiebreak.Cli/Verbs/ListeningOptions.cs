using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tiebreak.Core;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Cli.Verbs;

/// <summary>Where a verb that serves listens, and who is let in.</summary>
/// <param name="what">What it is to its callers: <c>service</c>.</param>
/// <param name="address">Where it listens when nobody says another place.</param>
internal sealed class ListeningOptions(string what, string address)
{
    private readonly Option<string[]> _urls = new("--urls")
    {
        Description = "Addresses to listen on; port 0 takes a free one.",
        DefaultValueFactory = _ => [address],
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _keys = new("--keys")
    {
        Description = $"The file of keys that are let in (tiebreak keys add); needed where other machines can reach the {what}.",
    };
    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "PEM file with the certificate of https addresses, and its private key unless --certificate-key names that.",
    };
    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "PEM file with the certificate's key." };
    private readonly Option<string[]> _hosts = new("--hosts")
    {
        Description = $"Names by which the {what} may be asked, beside those of --urls.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> _isBehindProxy = new("--behind-proxy")
    {
        Description = $"Something before the {what} encrypts what goes over the network.",
    };

    /// <summary>The options, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_urls, _keys, _certificate, _certificateKey, _hosts, _isBehindProxy];

    public string[] Urls(ParseResult parse) => parse.GetRequiredValue(_urls);

    public string[] Hosts(ParseResult parse) => parse.GetValue(_hosts) ?? [];

    public bool IsBehindProxy(ParseResult parse) => parse.GetValue(_isBehindProxy);

    /// <summary>The callers that are let in; null for everybody.</summary>
    public IReadOnlyList<ApiKey>? Keys(ParseResult parse) =>
        parse.GetValue(_keys) is { } keys ? ApiKeyFile.Read(keys).Keys : null;

    /// <summary>The certificate of https addresses; null for none.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public X509Certificate2? Certificate(ParseResult parse)
    {
        var path = parse.GetValue(_certificate);
        try
        {
            return path is null ? null : X509Certificate2.CreateFromPemFile(path, parse.GetValue(_certificateKey));
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--certificate {path} cannot be used: {exception.Message}", exception);
        }
    }
}
