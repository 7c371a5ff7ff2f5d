using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tiebreak.Core.Diagnostics;
using Tiebreak.Hosting.Diagnostics;

namespace Tiebreak.Cli.Verbs;

/// <summary>
/// What a service tells about itself: metrics at <c>/metrics</c> for Prometheus, and everything by OTLP where the usual environment
/// variable of OpenTelemetry names a collector.
/// </summary>
internal static class Telemetry
{
    private const string ServiceName = "tiebreak";
    private const string Variables = "OTEL_";
    private const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(IHostApplicationBuilder builder)
    {
        // The service's own configuration is empty, so that no variable of the environment changes it by chance.
        builder.Configuration.AddInMemoryCollection(
            new ConfigurationBuilder().AddEnvironmentVariables().Build().AsEnumerable()
                .Where(variable => variable.Key.StartsWith(Variables, StringComparison.Ordinal)));
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName).AddEnvironmentVariableDetector()) // OTEL_SERVICE_NAME wins
            .WithMetrics(metrics => metrics
                .AddMeter(TiebreakMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter());
        if (builder.Configuration[CollectorVariable] is not { Length: > 0 })
            return;
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false); // route, method, status
        telemetry.WithTracing(traces => traces.AddSource(ServingMeter.SourceName, "Microsoft.AspNetCore")).UseOtlpExporter();
    }

    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint();
}
