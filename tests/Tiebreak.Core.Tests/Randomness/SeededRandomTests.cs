using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Randomness;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_sequence_is_that_of_SplitMix64()
    {
        // The first numbers of the reference implementation (Vigna, splitmix64.c) from the state that a seed of 0 and stream of 0 lead to.
        var random = new SeededRandom(0);
        var state = Reference(Reference(0));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Reference(state), random.NextUInt64());
            state = unchecked(state + 0x9E3779B97F4A7C15UL);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1003)]
    public void Many_numbers_at_once_are_those_of_single_calls(int count)
    {
        var (many, single) = (new SeededRandom(5, 3), new SeededRandom(5, 3));
        var numbers = new int[count];
        many.Next(77_777, numbers);

        Assert.All(numbers, number => Assert.Equal(single.Next(77_777), number));
        Assert.Equal(single.NextUInt64(), many.NextUInt64());
    }

    private static ulong Reference(ulong state)
    {
        var z = unchecked(state + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
