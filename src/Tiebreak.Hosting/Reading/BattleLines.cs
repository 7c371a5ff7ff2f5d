using System.Buffers;
using System.IO.Pipelines;

namespace Tiebreak.Hosting.Reading;

/// <summary>Reads the lines of a stream of battles, as many at once as have arrived.</summary>
/// <param name="reader">The body of the request.</param>
/// <param name="mostBytes">Most bytes of a line; of a longer one nothing is kept.</param>
/// <param name="most">Most lines at once.</param>
internal sealed class BattleLines(PipeReader reader, int mostBytes, int most)
{
    private const byte LineEnd = (byte)'\n';

    private readonly PostedBattles _battles = new();
    private bool _isSkipping;

    /// <summary>Waits for battles.</summary>
    /// <returns>At least one; empty at the end of the stream.</returns>
    public async Task<List<PostedBattle>> NextAsync(CancellationToken cancellationToken)
    {
        var found = new List<PostedBattle>();
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = Take(read.Buffer, found);
            if (rest.Length > mostBytes && found.Count < most)
            {
                _isSkipping = true;
                rest = rest.Slice(rest.End);
            }

            if (read.IsCompleted && found.Count < most)
            {
                AddLine(rest, found);
                rest = rest.Slice(rest.End);
            }

            // What was looked at without finding a line end is not offered again before there is more.
            reader.AdvanceTo(rest.Start, found.Count < most ? rest.End : rest.Start);
            if (found.Count > 0 || read.IsCompleted)
                return found;
        }
    }

    private ReadOnlySequence<byte> Take(ReadOnlySequence<byte> buffer, List<PostedBattle> found)
    {
        while (found.Count < most && buffer.PositionOf(LineEnd) is { } end)
        {
            AddLine(buffer.Slice(0, end), found);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
        }

        return buffer;
    }

    private void AddLine(ReadOnlySequence<byte> line, List<PostedBattle> found)
    {
        if (_isSkipping || line.Length > mostBytes)
        {
            _isSkipping = false;
            found.Add(_battles.Refuse(Invariant($"has more than {mostBytes:N0} bytes")));
            return;
        }

        var json = line.IsSingleSegment ? line.First : line.ToArray();
        if (!IsBlank(json.Span))
            found.Add(_battles.Read(json));
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;
}
