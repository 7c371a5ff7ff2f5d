using System.Buffers;
using System.IO.Pipelines;

namespace Tiebreak.Hosting.Reading;

/// <summary>Reads the lines of a stream of battles, as many at once as have arrived.</summary>
/// <param name="reader">The body of the request.</param>
/// <param name="mostBytes">Most bytes of a line, of which a longer one is not kept, and of all lines that are read at once.</param>
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
            var read = await PackedBody.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
            var isFull = !TryTake(read.Buffer, found, out var rest);
            if (!isFull && rest.Length > mostBytes)
            {
                _isSkipping = true;
                rest = rest.Slice(rest.End);
            }

            if (!isFull && read.IsCompleted)
            {
                AddLine(rest, found);
                rest = rest.Slice(rest.End);
            }

            // What was looked at without finding a line end is not offered again before there is more.
            reader.AdvanceTo(rest.Start, isFull ? rest.Start : rest.End);
            if (found.Count > 0 || read.IsCompleted)
                return found;
        }
    }

    /// <returns>False if a line may be left, because enough have been taken.</returns>
    private bool TryTake(ReadOnlySequence<byte> buffer, List<PostedBattle> found, out ReadOnlySequence<byte> rest)
    {
        rest = buffer;
        while (rest.PositionOf(LineEnd) is { } end)
        {
            var line = rest.Slice(0, end);
            if (found.Count == most || (found.Count > 0 && buffer.Length - rest.Length + line.Length > mostBytes))
                return false;
            AddLine(line, found);
            rest = rest.Slice(rest.GetPosition(1, end));
        }

        return found.Count < most;
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
