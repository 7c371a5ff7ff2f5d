using System.IO.Hashing;
using System.Runtime.InteropServices;
using CsCheck;

namespace Tiebreak.Text.Tests;

public sealed class WordScanTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String, Gen.String[Gen.Char["aAbB zZ09'\u2019.,\n\u00C4\u00E4\u0130\u03A3\u03C2\u0416我のก\u0301\uD83D\uDE00"], 0, 300]);

    [Fact]
    public void A_scan_finds_what_the_enumerator_finds() => Texts.Sample(text =>
    {
        var expected = new List<string>();
        foreach (var word in new Words(text))
            expected.Add(word.ToString());

        using var scan = WordScan.Of(text);
        Assert.Equal(expected, Enumerable.Range(0, scan.Count).Select(i => scan[i].ToString()));
        for (var i = 0; i < scan.Count; i++)
        {
            var lower = expected[i].ToLowerInvariant();
            Assert.Equal(lower, scan.LowerWord(i).ToString());
            Assert.Equal(
                XxHash3.HashToUInt64(MemoryMarshal.AsBytes(lower.AsSpan(0, Math.Min(lower.Length, WordScan.HashedCharacters)))),
                scan.Hashes[i]);
        }
    });

    [Fact]
    public void Words_beside_each_other_have_one_space_between_them()
    {
        using var scan = WordScan.Of("one two  three\nfour, five");
        Assert.Equal([false, true, false, false, false], Enumerable.Range(0, scan.Count).Select(scan.IsBesideLast));
    }

    [Fact]
    public void Texts_of_single_characters_need_more_room_than_expected()
    {
        using var scan = WordScan.Of(new string('我', 10_000));
        Assert.Equal(10_000, scan.Count);
        Assert.Equal(9_999, scan.Start(9_999));
    }

    [Fact]
    public void Null_has_no_words()
    {
        using var scan = WordScan.Of(null);
        Assert.Equal(0, scan.Count);
        Assert.True(scan.Lower.IsEmpty);
    }
}
