using CsCheck;

namespace Tiebreak.Text.Tests;

public sealed class HashIndexTests
{
    [Fact]
    public void Every_hash_is_found_and_no_other() => Gen.Select(Gen.ULong[0, 5000].HashSet[0, 300], Gen.ULong[0, 5000])
        .Sample((hashes, other) =>
        {
            ulong[] all = [.. hashes];
            var index = new HashIndex(all);
            Assert.All(all, (hash, number) => Assert.Equal(number, index.Find(hash)));
            Assert.Equal(Array.IndexOf(all, other), index.Find(other));
        });

    [Fact]
    public void Sets_of_hashes_agree_with_those_of_dotnet() => Gen.Select(Gen.ULong[0, 500].List[0, 400], Gen.ULong[0, 500].List[0, 400])
        .Sample((one, other) =>
        {
            var (first, second) = (Set(one), Set(other));
            Assert.Equal(one.Distinct().Count(), first.Count);
            Assert.Equal(one.Intersect(other).Count(), first.Shared(second));
            Assert.Equal(first.Shared(second), second.Shared(first));
        });

    private static HashedSet Set(IEnumerable<ulong> hashes)
    {
        var set = new HashedSet();
        foreach (var hash in hashes)
            set.Add(hash);
        return set;
    }
}
