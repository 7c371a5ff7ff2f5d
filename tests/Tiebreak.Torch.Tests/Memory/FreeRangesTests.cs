using Tiebreak.Torch.Memory;

namespace Tiebreak.Torch.Tests.Memory;

public sealed class FreeRangesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Parts_never_overlap_and_all_comes_back_as_one(int seed)
    {
        const int length = 1 << 16;
        var random = new Random(seed);
        var ranges = new FreeRanges(length);
        var owners = new int[length];
        var parts = new List<(long Start, int Length, int Owner)>();
        var refused = 0;
        for (var step = 1; step <= 4_000; step++)
        {
            if (parts.Count > 0 && random.Next(2) == 0)
            {
                var index = random.Next(parts.Count);
                var (start, bytes, owner) = parts[index];
                Assert.All(owners[(int)start..((int)start + bytes)], one => Assert.Equal(owner, one));
                ranges.Return(start);
                parts.RemoveAt(index);
                continue;
            }

            var wanted = random.Next(1, 6_000);
            if (ranges.Take(wanted) is not { } place)
            {
                Assert.DoesNotContain(ranges.Free, part => part.Length >= wanted + 64);
                refused++;
                continue;
            }

            Assert.Equal(0, place % 64);
            owners.AsSpan((int)place, wanted).Fill(step);
            parts.Add((place, wanted, step));
        }

        Assert.True(refused > 0, "the range was never full");
        foreach (var (start, _, _) in parts)
            ranges.Return(start);
        Assert.Equal((0L, (long)length), Assert.Single(ranges.Free));
        Assert.Equal(0, ranges.Taken);
    }

    [Fact]
    public void Of_the_free_parts_the_shortest_that_has_room_is_taken()
    {
        var ranges = new FreeRanges(10_240);
        long[] starts = [.. new long[] { 640, 64, 128, 64, 1_280, 64 }.Select(length => ranges.Take(length)!.Value)];
        ranges.Return(starts[0]);
        ranges.Return(starts[2]);
        ranges.Return(starts[4]);

        Assert.Equal(starts[2], ranges.Take(100));
        Assert.Equal(starts[0], ranges.Take(100));
        Assert.Equal(starts[4], ranges.Take(1_000));
        Assert.Null(ranges.Take(10_000));
    }

    [Fact]
    public void What_was_not_taken_cannot_be_returned()
    {
        var ranges = new FreeRanges(1_024);
        ranges.Take(100);

        Assert.Throws<ArgumentException>(() => ranges.Return(64));
        ranges.Return(0);
        Assert.Throws<ArgumentException>(() => ranges.Return(0));
    }
}
