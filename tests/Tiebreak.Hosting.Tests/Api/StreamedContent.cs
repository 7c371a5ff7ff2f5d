using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>A request body that a test writes piece by piece.</summary>
internal sealed class StreamedContent : HttpContent
{
    private readonly Pipe _pipe = new();

    public StreamedContent() => Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");

    public async Task WriteAsync(string text) =>
        await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    public void Complete() => _pipe.Writer.Complete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        while (true)
        {
            var read = await _pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
            foreach (var part in read.Buffer)
                await stream.WriteAsync(part, TestContext.Current.CancellationToken);
            await stream.FlushAsync(TestContext.Current.CancellationToken);
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
