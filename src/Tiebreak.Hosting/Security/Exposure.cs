using System.Net;
using Tiebreak.Core;

namespace Tiebreak.Hosting.Security;

/// <summary>Who can reach the service: other machines only with keys and encrypted.</summary>
internal static class Exposure
{
    /// <summary>Refuses addresses that other machines can reach without a key, or where keys and texts can be read on the way.</summary>
    /// <exception cref="InputException">There is one, or an address is none.</exception>
    public static void ThrowIfUnsafe(IExposure options)
    {
        foreach (var address in options.Urls.Select(AddressOf))
        {
            if (IsLoopback(address.Host))
            {
                if (IsHttps(address) && options.Certificate is null)
                    throw NeedsCertificate(address);
                continue;
            }

            if (options.Keys is null)
            {
                throw new InputException(
                    $"Other machines can reach {address}, and anybody there could use it. Give `keys` FILE, or listen on 127.0.0.1.")
                {
                    Parameters = ["keys"],
                };
            }

            if (!IsHttps(address) && !options.IsBehindProxy)
            {
                throw new InputException(
                    $"Keys and texts would travel to {address} unencrypted. Use https with `certificate` FILE, or say `behind-proxy` if "
                    + "something before it encrypts.")
                {
                    Parameters = ["certificate", "behind-proxy"],
                };
            }

            if (IsHttps(address) && options.Certificate is null)
                throw NeedsCertificate(address);
        }
    }

    /// <summary>The names by which the service may be asked: a page in a browser that points another name at it is refused.</summary>
    public static IReadOnlyList<string> HostsOf(IExposure options) =>
    [
        "localhost", "127.0.0.1", "[::1]", .. options.Hosts,
        .. options.Urls.Select(AddressOf).Select(address => address.Host).Where(host => !IsAny(host)),
    ];

    private static InputException NeedsCertificate(BindingAddress address) =>
        new($"{address} is encrypted, which takes a certificate: give `certificate` FILE.") { Parameters = ["certificate"] };

    private static BindingAddress AddressOf(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException exception)
        {
            throw new InputException($"\"{url}\" is no address to listen on; write http://127.0.0.1:5140.", exception);
        }
    }

    private static bool IsHttps(BindingAddress address) => string.Equals(address.Scheme, "https", StringComparison.OrdinalIgnoreCase);

    private static bool IsAny(string host) => host is "*" or "+" or "0.0.0.0" or "[::]";

    private static bool IsLoopback(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
