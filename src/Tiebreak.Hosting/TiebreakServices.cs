using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Tiebreak.Core.Judging;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting;

/// <summary>Adds judges to the services of a program.</summary>
public static class TiebreakServices
{
    /// <summary>
    /// The tag of health checks that say whether a judge is ready: opened, proven by its check rows, able to answer.
    /// </summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Adds a judge, to be asked for as <see cref="IJudge"/>. It is opened in the background when the program starts; who asks before that
    /// waits. The program ends if its bundle cannot be opened.
    /// </summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="configure">Sets the bundle and the judge kinds at least.</param>
    public static IServiceCollection AddTiebreak(this IServiceCollection services, Action<TiebreakOptions> configure)
    {
        services.AddTiebreak(Options.DefaultName, configure);
        services.TryAddSingleton<IJudge>(provider => provider.GetRequiredKeyedService<ServedJudge>(Options.DefaultName));
        return services;
    }

    /// <summary>Adds one judge of several, to be asked for as <see cref="IJudge"/> with a key.</summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="name">The key.</param>
    /// <param name="configure">Sets the bundle and the judge kinds at least.</param>
    public static IServiceCollection AddTiebreak(this IServiceCollection services, string name, Action<TiebreakOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        services.AddOptions<TiebreakOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TiebreakOptions>, TiebreakOptions.Validation>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(name, (provider, _) => new ServedJudge(
            provider.GetRequiredService<IOptionsMonitor<TiebreakOptions>>().Get(name),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton<IJudge>(name, (provider, _) => provider.GetRequiredKeyedService<ServedJudge>(name));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<ServedJudge>(name));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            name.Length == 0 ? "judge" : $"judge {name}",
            provider => provider.GetRequiredKeyedService<ServedJudge>(name),
            failureStatus: null,
            tags: [ReadyTag]));
        return services;
    }
}
