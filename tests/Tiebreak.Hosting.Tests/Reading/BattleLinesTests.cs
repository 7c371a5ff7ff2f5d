using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Tiebreak.Hosting.Reading;

namespace Tiebreak.Hosting.Tests.Reading;

public sealed class BattleLinesTests
{
    private const int MostBytes = 200;
    private const int Most = 3;

    // Whatever pieces a stream arrives in, each line is one battle, or refused because it is too long.
    [Fact]
    public Task Pieces_of_a_stream_do_not_matter() =>
        Gen.Select(Gen.Int[1, 260].Array[0, 12], Gen.Int[1, 90].Array[1, 40], Gen.Bool).SampleAsync(
            async test =>
            {
                var (lengths, pieces, endsWithLineEnd) = test;
                var lines = lengths.Select((length, i) => Line(i, length)).ToArray();
                var stream = Encoding.UTF8.GetBytes(string.Join('\n', lines) + (endsWithLineEnd ? "\n" : ""));
                var pipe = new Pipe();
                var writing = WriteAsync(pipe.Writer, stream, pieces);
                var reader = new BattleLines(pipe.Reader, MostBytes, Most);
                var found = new List<PostedBattle>();
                while (await reader.NextAsync(TestContext.Current.CancellationToken) is { Count: > 0 } next)
                {
                    Assert.InRange(next.Count, 1, Most);
                    found.AddRange(next);
                }

                await writing;
                Assert.Equal(
                    lines.Select((line, i) => line.Length > MostBytes ? null : $"battle {i}"), found.Select(battle => battle.Battle?.Id));
                Assert.Equal(lines.Select(line => line.Length > MostBytes), found.Select(battle => battle.Problem is not null));
            },
            iter: 200);

    private static string Line(int number, int length) =>
        $$"""{"id": "battle {{number}}", "prompt": "P", "response_a": "a", "response_b": "b"}""".PadRight(length);

    private static async Task WriteAsync(PipeWriter writer, byte[] stream, int[] pieces)
    {
        for (var (at, i) = (0, 0); at < stream.Length; i++)
        {
            var length = Math.Min(pieces[i % pieces.Length], stream.Length - at);
            await writer.WriteAsync(stream.AsMemory(at, length), TestContext.Current.CancellationToken);
            at += length;
        }

        await writer.CompleteAsync();
    }
}
