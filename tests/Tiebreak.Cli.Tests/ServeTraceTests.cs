using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>What a collector of OpenTelemetry receives from a service.</summary>
public sealed class ServeTraceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_and_batches_reach_the_collector_that_the_environment_names()
    {
        var received = new ConcurrentQueue<byte[]>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, Cancellation);
            received.Enqueue(body.ToArray());
        });
        await collector.StartAsync(Cancellation);

        var judge = Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "length");
        using var service = await ServedProcess.StartAsync(
            judge,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"), ("OTEL_SERVICE_NAME", "a service of a test"));
        await service.PostAsync("/v1/judge", """{"prompt": "P", "response_a": "a", "response_b": "bb"}"""u8.ToArray(), "application/json");

        // Names are plain text in the protocol, whatever surrounds them.
        foreach (var name in (byte[][])[[.. "tiebreak.batch"u8], [.. "/v1/judge"u8], [.. "a service of a test"u8]])
        {
            while (!received.Any(body => body.AsSpan().IndexOf(name) >= 0))
                await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
        }
    }
}
