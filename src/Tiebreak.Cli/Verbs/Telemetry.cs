using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
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
    private const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(IServiceCollection services)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName).AddEnvironmentVariableDetector()) // OTEL_SERVICE_NAME wins
            .WithMetrics(metrics => metrics
                .AddMeter(TiebreakMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource(ServingMeter.SourceName, "Microsoft.AspNetCore"));
        if (Environment.GetEnvironmentVariable(CollectorVariable) is { Length: > 0 })
            telemetry.UseOtlpExporter();
    }

    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint();
}
