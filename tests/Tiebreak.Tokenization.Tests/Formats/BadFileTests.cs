using System.Globalization;
using System.Text;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Tokenization.Formats;

namespace Tiebreak.Tokenization.Tests.Formats;

/// <summary>
/// A file that is no tokenizer, or was one, ends in one sentence that names it. The long runs take as many seconds as
/// <c>TIEBREAK_FUZZ_SECONDS</c> says (60 where it is not set), each.
/// </summary>
public sealed class BadFileTests : IDisposable
{
    private static readonly Dictionary<string, byte[]> Files = new(StringComparer.Ordinal)
    {
        ["tokenizer.json"] = Encoding.UTF8.GetBytes(TinyTokenizers.ByteLevelJson()),
        ["spm.model"] = TinyTokenizers.SentencePieceModel(),
        ["vocab.txt"] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhe\n##llo\n"u8.ToArray(),
        ["x.tiktoken"] = "IQ== 0\nIg== 1\nIw== 2\n"u8.ToArray(),
        ["tekken.json"] =
            """{"config":{"pattern":"a","default_vocab_size":3,"default_num_special_tokens":1},"vocab":[{"rank":0,"token_bytes":"YQ=="},{"rank":1,"token_bytes":"Yg=="}]}"""u8
                .ToArray(),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Files.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "LFS")]
    [InlineData("<!DOCTYPE html><html></html>", "HTML")]
    [InlineData("", "empty")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0", "JSON")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 99999999}, \"merges\": []}}", "99999999")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}", "-1")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}}", "merges[0]")]
    [InlineData("{\"model\": {\"type\": \"Magic\"}}", "Magic")]
    [InlineData("{\"normalizer\": {\"type\": \"Magic\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}", "Magic")]
    [InlineData("{\"model\": {\"type\": \"Unigram\", \"unk_id\": 5, \"vocab\": [[\"a\", 0]]}}", "unk_id")]
    [InlineData("{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0]]}}", "unk_id")]
    [InlineData("{\"model\": {\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": []}}", "unk_id")]
    [InlineData("{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}}, \"model\": {\"type\": \"BPE\", \"vocab\": "
        + "{\"a\": 0}, \"merges\": []}}", "regular expression")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"\\ud800\": 0}, \"merges\": []}}", "Unicode")]
    [InlineData("just some words\nof a readme\n", "[UNK]")]
    [InlineData("IQ== 0\nIg== 1\n", "2 ranks")]
    [InlineData("IQ== 0\nIg== x\n", "line 2")]
    [InlineData("{\"a\": 0}", "merges.txt")]
    public void A_bad_file_is_refused_in_a_sentence(string content, string said)
    {
        var path = _folder.Write("tokenizer.any", content);
        var error = Assert.Throws<InputException>(() => TokenizerFile.Open(path));
        Assert.Contains(said, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("tokenizer.any", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Hostile_depth_is_refused() =>
        Assert.Contains("JSON", Assert.Throws<InputException>(
            () => TokenizerFile.Open(_folder.Write("deep.json", "{\"model\":" + new string('[', 200_000)))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_place_without_a_tokenizer_is_said()
    {
        Assert.Contains(
            "holds no tokenizer", Assert.Throws<InputException>(() => TokenizerFile.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "neither", Assert.Throws<InputException>(() => TokenizerFile.Open(_folder["none"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_SentencePiece_model_cut_anywhere_is_refused_or_smaller()
    {
        var whole = Files["spm.model"];
        for (var length = 0; length < whole.Length; length += 7)
            OpenAndEncode(whole[..length], "cut.model");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused(string name) => Fuzz(name, seconds: 1);

    [SlowTheory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused_for_long(string name) =>
        Fuzz(name, int.TryParse(Environment.GetEnvironmentVariable("TIEBREAK_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 60);

    private void Fuzz(string name, int seconds) => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 100_000], Gen.Byte).Array[0, 6].Sample(
        damages => OpenAndEncode(Damaged(Files[name], damages), $"{Guid.NewGuid():N}-{name}"),
        time: seconds,
        threads: 2);

    private void OpenAndEncode(byte[] content, string name)
    {
        File.WriteAllBytes(_folder[name], content);
        try
        {
            var tokenizer = TokenizerFile.Open(_folder[name]);
            var ids = tokenizer.Encode("hello ab <s> \u00e9\ud83d \u5b83 aaaaaaaa", new EncodeOptions { ParseSpecial = true });
            tokenizer.EncodeWithPlaces("hello ab <s> \u00e9\ud83d");
            Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize));
        }
        catch (InputException)
        {
            // Refused in a sentence, which is what a damaged file should be.
        }

        File.Delete(_folder[name]);
    }

    private static byte[] Damaged(byte[] file, (int Kind, int Place, byte Byte)[] damages)
    {
        var bytes = file.ToList();
        foreach (var (kind, place, value) in damages)
        {
            var at = place % (bytes.Count + 1);
            if (kind == 0)
                bytes.Insert(at, value);
            else if (kind == 1 && at < bytes.Count)
                bytes[at] = value;
            else if (at < bytes.Count)
                bytes.RemoveRange(at, Math.Min(1 + (value % 8), bytes.Count - at));
        }

        return [.. bytes];
    }
}
