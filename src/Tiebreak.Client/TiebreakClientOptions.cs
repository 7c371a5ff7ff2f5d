namespace Tiebreak.Client;

/// <summary>Where the service is, and how long to wait for it.</summary>
public sealed class TiebreakClientOptions
{
    /// <summary>The address of the service.</summary>
    public Uri? Address { get; set; }

    /// <summary>The key that the service knows the caller by; null for none.</summary>
    public string? Key { get; set; }

    /// <summary>The time of one try, which the service is told too. Default: 30 seconds.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time of a request with all its tries. Default: two minutes.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How often a request is tried again after a failure that may pass: no connection, 408, 429 or 5xx, with pauses that grow from half a
    /// second to eight, or as long as the service says. Default: 100, so that <see cref="TotalTimeout"/> decides: a service with a large
    /// judge is not ready for a minute after its start.
    /// </summary>
    public int Retries { get; set; } = 100;
}
