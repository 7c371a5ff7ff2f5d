using System.IO.Pipelines;
using Tiebreak.Hosting.Problems;

namespace Tiebreak.Hosting.Reading;

/// <summary>Bodies that are unpacked while they are read, and may turn out not to be packed as their header says.</summary>
internal static class PackedBody
{
    /// <summary>Reads on.</summary>
    /// <exception cref="ApiException">What arrived cannot be unpacked.</exception>
    public static async ValueTask<ReadResult> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception.Source?.StartsWith("System.IO.Compression", StringComparison.Ordinal) is true)
        {
            // Each way of packing has exceptions of its own.
            throw ApiException.Input("The content is not packed as its Content-Encoding says.");
        }
    }
}
