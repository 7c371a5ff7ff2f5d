using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Tiebreak.Hosting.Security;

/// <summary>
/// A caller that the service knows. The key itself is not kept: it is 32 random bytes, which nobody guesses from a plain hash.
/// </summary>
internal sealed record ApiKey
{
    private const string Prefix = "tb_";
    private const int RandomBytes = 32;

    /// <summary>Who calls.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What may be asked for, of <see cref="AllScopes"/>; null for everything.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Most requests in a minute; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>What can be asked for: the last parts of addresses.</summary>
    [JsonIgnore]
    public static IReadOnlyList<string> AllScopes { get; } = ["judge", "rate", "rerank", "validate", "route", "leaderboard", "metrics"];

    /// <summary>A new key, to be told to the caller once.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is kept of a key.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Whether the caller may ask for something.</summary>
    public bool Allows(string scope) => Scopes is null || Scopes.Contains(scope, StringComparer.Ordinal);
}
