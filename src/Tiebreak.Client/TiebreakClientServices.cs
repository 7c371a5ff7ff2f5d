using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Tiebreak.Client;

/// <summary>Adds the client to the services of a program.</summary>
public static class TiebreakClientServices
{
    /// <summary>Adds <see cref="TiebreakClient"/> with retries and time limits.</summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="configure">Sets the address at least.</param>
    /// <returns>What builds the HTTP client, to be given further handlers.</returns>
    /// <exception cref="ArgumentException">There is no address, or a time is not above zero.</exception>
    public static IHttpClientBuilder AddTiebreakClient(this IServiceCollection services, Action<TiebreakClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TiebreakClientOptions();
        configure(options);
        if (options.Address is null)
            throw new ArgumentException($"{nameof(TiebreakClientOptions.Address)} is missing.", nameof(configure));

        var builder = services.AddHttpClient<TiebreakClient>(http => Configure(http, options));
        builder.AddStandardResilienceHandler(resilience => Configure(resilience, options));
        return builder;
    }

    private static void Configure(HttpClient http, TiebreakClientOptions options)
    {
        http.BaseAddress = options.Address;
        http.Timeout = Timeout.InfiniteTimeSpan; // the handlers limit the time
        http.DefaultRequestHeaders.Add(
            "Request-Timeout", options.AttemptTimeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
        if (options.Key is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
    }

    private static void Configure(HttpStandardResilienceOptions resilience, TiebreakClientOptions options)
    {
        resilience.TotalRequestTimeout.Timeout = options.TotalTimeout;
        resilience.AttemptTimeout.Timeout = options.AttemptTimeout;
        resilience.Retry.MaxRetryAttempts = options.Retries;
        resilience.Retry.Delay = TimeSpan.FromMilliseconds(500);
        resilience.Retry.MaxDelay = TimeSpan.FromSeconds(8);
        resilience.Retry.BackoffType = DelayBackoffType.Exponential;

        // A service that restarts refuses all calls for a moment: they are retried, not given up for others.
        resilience.CircuitBreaker.FailureRatio = 1;
        resilience.CircuitBreaker.MinimumThroughput = int.MaxValue;
        resilience.CircuitBreaker.SamplingDuration = 2 * options.AttemptTimeout;
    }
}
