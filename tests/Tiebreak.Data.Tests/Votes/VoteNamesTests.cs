using System.Text;
using Tiebreak.Data.Votes;

namespace Tiebreak.Data.Tests.Votes;

public sealed class VoteNamesTests
{
    [Fact]
    public void Names_are_numbered_in_order_of_first_appearance()
    {
        var names = new VoteNames();
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < 10_000; i++)
            {
                Assert.True(names.TryNumber(Encoding.UTF8.GetBytes($"modèle {i}"), out var number));
                Assert.Equal(i, number);
            }
        }

        Assert.Equal(10_000, names.Names.Count);
        Assert.Equal("modèle 9999", names.Names[9999]);
    }

    [Fact]
    public void Bytes_that_are_no_text_have_no_number()
    {
        var names = new VoteNames();

        Assert.False(names.TryNumber([0xFF, 0x41], out _));
        Assert.Empty(names.Names);
    }

    [Fact]
    public void Numbers_in_another_list_are_those_of_the_same_names()
    {
        var (all, block) = (new VoteNames(), new VoteNames());
        all.TryNumber("b"u8, out _);
        block.TryNumber("a"u8, out _);
        block.TryNumber("b"u8, out _);

        Assert.Equal([1, 0], block.NumbersIn(all));
        Assert.Equal(["b", "a"], all.Names);
    }
}
