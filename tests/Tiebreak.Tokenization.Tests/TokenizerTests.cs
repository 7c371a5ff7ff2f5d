using System.Text;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Tokenization.Splitting;

namespace Tiebreak.Tokenization.Tests;

public sealed class TokenizerTests
{
    private static readonly string[] Bits =
        [
            "hello world", "<|im_start|>", "aaaa", " ", "\n", "é", "e\u0301", "😀", "\ud83d", "它", "한국", "123456", "I'LL", "\t\t", "x_y",
            "Ω1", "𝐀𝐛", "ǅ",
        ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Gen.Int[0, Bits.Length - 1].Select(index => Bits[index]).Array[0, 12].Select(string.Concat));

    private readonly Tokenizer _tokenizer = TinyTokenizers.ByteLevel();

    [Fact]
    public void A_text_comes_back_from_its_ids() => Texts.Sample(text =>
    {
        var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Assert.Equal(valid, _tokenizer.Decode(_tokenizer.Encode(text)));
    });

    [Fact]
    public void Places_and_caches_change_no_id() => Texts.Sample(text =>
    {
        var options = new EncodeOptions { ParseSpecial = true, AddSpecialTokens = true };
        var ids = _tokenizer.Encode(text, options);
        Assert.Equal(ids, _tokenizer.Encode(text, options));
        Assert.Equal(ids, TinyTokenizers.ByteLevel().EncodeWithPlaces(text, options).Ids);
        Assert.Equal(ids.Length, _tokenizer.Count(text, options));
    });

    [Fact]
    public void Places_cover_the_text_from_left_to_right() => Texts.Sample(text =>
    {
        var places = _tokenizer.EncodeWithPlaces(text).Places;
        Assert.Equal(text.Length, places.Select(place => place.End).DefaultIfEmpty(0).Max());
        Assert.All(
            places.Zip(places.Skip(1)), pair => Assert.True(pair.First.Start <= pair.Second.Start && pair.Second.Start <= pair.First.End));
    });

    [Theory]
    [InlineData(SplitPatterns.Gpt2)]
    [InlineData(SplitPatterns.Cl100k)]
    [InlineData(SplitPatterns.Qwen2)]
    [InlineData(SplitPatterns.O200k)]
    [InlineData(SplitPatterns.Tekken)]
    public void A_pattern_done_by_hand_cuts_as_the_regular_expression_does(string pattern)
    {
        var general = new PatternSplitter(new RegexPattern(pattern, "test"), SplitBehavior.Isolated, isInverted: false);
        var byHand = SplitPatterns.Find(pattern)!;
        Texts.Sample(
            text =>
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                Assert.Equal(Cut(general, bytes), Cut(byHand, bytes));
            },
            iter: 3000);
    }

    [Fact]
    public void A_pattern_that_is_not_known_is_said()
    {
        var tokenizer = TinyTokenizers.Open(TinyTokenizers.ByteLevelJson(@"\p{L}+|\P{L}"));
        Assert.Contains(@"\p{L}+|\P{L}", Assert.Single(tokenizer.Notes), StringComparison.Ordinal);
        Assert.Equal("𝐀b 😀", tokenizer.Decode(tokenizer.Encode("𝐀b 😀")));
    }

    [Fact]
    public void Special_tokens_are_parsed_only_where_asked()
    {
        Assert.Equal([302], _tokenizer.Encode("<|im_start|>", new EncodeOptions { ParseSpecial = true }));
        Assert.DoesNotContain(302, _tokenizer.Encode("<|im_start|>", EncodeOptions.PlainText));
        Assert.Equal("", _tokenizer.Decode([302], skipSpecial: true));
    }

    [Fact]
    public void A_long_run_is_merged_as_short_ones_are()
    {
        // 96 symbols are merged by searching, more by a queue: eight letters are one token either way.
        for (var length = 60; length < 300; length++)
        {
            var expected = (length / 8) + (length % 8 / 4) + (length % 4 / 2) + (length % 2);
            Assert.Equal(expected, _tokenizer.Count(new string('a', length)));
        }

        Assert.Equal(125_000, _tokenizer.Count(new string('a', 1_000_000)));
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var texts = Enumerable.Range(0, 2000).Select(i => $"hello world {i} aaaa{new string('a', i % 50)} <s> é{i}").ToArray();
        var expected = texts.Select(text => string.Join(' ', _tokenizer.Encode(text))).ToArray();
        Parallel.For(0, 8000, i => Assert.Equal(expected[i % 2000], string.Join(' ', _tokenizer.Encode(texts[i % 2000]))));
    }

    [Fact]
    public void Nothing_is_allocated_for_tokens()
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => $"hello world {i * 7919 % 1000} "));
        var ids = new List<int>(100_000);
        var allocated = long.MaxValue;
        for (var i = 0; i < 8; i++) // the first calls fill pools, and a garbage collection may empty them at any time
        {
            ids.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _tokenizer.Encode(text, ids);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(allocated < ids.Count / 4, "a quarter of a byte a token is too much");
    }

    [Fact]
    public void An_id_beyond_the_vocabulary_is_refused()
    {
        var error = Assert.Throws<InputException>(() => _tokenizer.Decode([1, 999_999]));
        Assert.Contains("999999", error.Message, StringComparison.Ordinal);
    }

    private static List<string> Cut(IPieceSplitter splitter, byte[] text)
    {
        var pieces = new Processing.PieceList();
        splitter.Split(text, 0, text.Length, pieces);
        return [.. Enumerable.Range(0, pieces.Count).Select(i => Encoding.UTF8.GetString(text[pieces.Start(i)..pieces.End(i)]))];
    }
}
