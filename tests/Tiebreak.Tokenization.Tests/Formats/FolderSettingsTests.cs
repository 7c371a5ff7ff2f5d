using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Tokenization.Splitting;

namespace Tiebreak.Tokenization.Tests.Formats;

/// <summary>What the files beside a tokenizer change of it, in the spellings of newer and older folders.</summary>
public sealed class FolderSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GPT2Tokenizer", "true", false, true)]
    [InlineData("GPT2TokenizerFast", null, true, false)] // the class says no where the file says nothing
    [InlineData("RobertaTokenizer", "false", true, false)]
    [InlineData("PreTrainedTokenizerFast", "true", false, true)]
    [InlineData("PreTrainedTokenizerFast", null, true, true)]
    public void A_space_before_a_text_is_put_where_the_settings_say(string name, string? setting, bool inFile, bool added)
    {
        var json = JsonNode.Parse(TinyTokenizers.ByteLevelJson())!;
        json["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = inFile, ["use_regex"] = true };
        _ = _folder.Write("tokenizer.json", json.ToJsonString());
        Configure(name, setting is null ? "" : $", \"add_prefix_space\": {setting}");
        Assert.Equal(added ? " world" : "world", Decoded("world"));
        Assert.Equal(" world", Decoded(" world"));
    }

    [Fact]
    public void So_it_is_with_a_vocabulary_and_merges()
    {
        WriteVocabulary();
        Configure("GPT2Tokenizer", ", \"add_prefix_space\": true");
        Assert.Equal(" world", Decoded("world"));
        Configure("GPT2Tokenizer", "");
        Assert.Equal("world", Decoded("world"));
    }

    [Fact]
    public void Tokens_that_were_added_later_stand_in_a_file_of_their_own()
    {
        WriteVocabulary();
        _ = _folder.Write("added_tokens.json", """{"<|user|>": 269, "<pad>": 268}""");
        _ = _folder.Write("special_tokens_map.json", """{"pad_token": {"content": "<pad>"}, "additional_special_tokens": []}""");
        var tokenizer = TokenizerFile.Open(_folder.Path);
        Assert.Equal((270, 268, true), (tokenizer.VocabularySize, tokenizer.Encode("<pad>", Parsed)[0], tokenizer.IsSpecial(268)));
        Assert.Equal([269], tokenizer.Encode("<|user|>", Parsed));
        Assert.False(tokenizer.IsSpecial(269));

        // Newer folders say it in one place, and then the old file does not count.
        Configure("GPT2Tokenizer", """, "added_tokens_decoder": {"268": {"content": "<other>", "special": true}}""");
        Assert.Equal(269, TokenizerFile.Open(_folder.Path).VocabularySize);
    }

    [Theory]
    [InlineData("mistral", "", true)]
    [InlineData("mistral3", "", true)]
    [InlineData("llama", "", false)]
    [InlineData("mistral", ", \"fix_mistral_regex\": true", false)]
    public void Mistral_s_wrong_split_pattern_is_told_and_mended(string model, string setting, bool told)
    {
        _ = _folder.Write("tokenizer.json", TinyTokenizers.ByteLevelJson(SplitPatterns.Cl100k));
        _ = _folder.Write("config.json", $$"""{"model_type": "{{model}}"}""");
        Configure("PreTrainedTokenizerFast", setting);
        var tokenizer = TokenizerFile.Open(_folder.Path);
        Assert.Equal(told, tokenizer.Notes.Any(note => note.Contains("not by Mistral's", StringComparison.Ordinal)));

        // Tekken takes digits one by one.
        var right = TinyTokenizers.Open(TinyTokenizers.ByteLevelJson(setting.Length > 0 ? SplitPatterns.Tekken : SplitPatterns.Cl100k));
        Assert.Equal(right.Encode("aaXaa 123"), tokenizer.Encode("aaXaa 123"));
    }

    [Fact]
    public void A_note_is_one_line()
    {
        var note = Assert.Single(TinyTokenizers.Open(TinyTokenizers.ByteLevelJson("\\p{L}+|[\r\n\t]+|.")).Notes);
        Assert.Contains(@"[\r\n\t]+", note, StringComparison.Ordinal);
        Assert.DoesNotContain(note, char.IsControl);
    }

    /// <summary>As transformers converts DeBERTa-v2's SentencePiece models: lower case comes before everything else.</summary>
    [Theory]
    [InlineData("DebertaV2Tokenizer", "true", true)]
    [InlineData("DebertaV2TokenizerFast", "true", true)]
    [InlineData("DebertaV2Tokenizer", "false", false)]
    [InlineData("XLMRobertaTokenizer", "true", false)]
    public void A_SentencePiece_model_reads_lower_case_where_the_settings_say(string name, string setting, bool lowers)
    {
        File.WriteAllBytes(_folder["spm.model"], TinyTokenizers.SentencePieceModel(isUnigram: true));
        Configure(name, $", \"do_lower_case\": {setting}");
        var tokenizer = TokenizerFile.Open(_folder.Path);
        Assert.Equal(lowers, tokenizer.Encode("Ab B").AsSpan().SequenceEqual(tokenizer.Encode("ab b")));
    }

    [Fact]
    public void Punctuation_that_is_to_be_read_apart_is_refused()
    {
        File.WriteAllBytes(_folder["spm.model"], TinyTokenizers.SentencePieceModel(isUnigram: true));
        Configure("DebertaV2Tokenizer", ", \"split_by_punct\": true");
        var error = Assert.Throws<InputException>(() => TokenizerFile.Open(_folder.Path));
        Assert.Contains("say split_by_punct, which Tiebreak does not do", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"split_special_tokens\": true", "split_special_tokens")]
    [InlineData("\"sp_model_kwargs\": {\"enable_sampling\": true}", "sp_model_kwargs")]
    [InlineData("\"never_split\": [\"x\"]", "never_split")]
    [InlineData("\"do_basic_tokenize\": false", "do_basic_tokenize")]
    [InlineData("\"add_bos_token\": true, \"bos_token\": \"</s>\"", "texts do not begin with </s>")]
    [InlineData("\"add_bos_token\": false, \"bos_token\": \"<s>\"", "texts begin with <s>")]
    public void Settings_that_are_not_followed_are_named(string setting, string note)
    {
        _ = _folder.Write("tokenizer.json", TinyTokenizers.ByteLevelJson());
        Configure("PreTrainedTokenizerFast", $", {setting}");
        Assert.Contains(note, Assert.Single(TokenizerFile.Open(_folder.Path).Notes), StringComparison.Ordinal);
    }

    private static EncodeOptions Parsed => new() { ParseSpecial = true };

    private string Decoded(string text) => TokenizerFile.Open(_folder.Path).Decode(TokenizerFile.Open(_folder.Path).Encode(text));

    private void Configure(string name, string more) =>
        _ = _folder.Write("tokenizer_config.json", $$"""{"tokenizer_class": "{{name}}"{{more}}}""");

    // The 256 bytes and the merges of the tokenizer.json, as GPT-2's two files.
    private void WriteVocabulary()
    {
        var model = JsonNode.Parse(TinyTokenizers.ByteLevelJson())!["model"]!;
        _ = _folder.Write("vocab.json", model["vocab"]!.ToJsonString());
        _ = _folder.Write(
            "merges.txt", "#version: 0.2\n" + string.Join('\n', model["merges"]!.AsArray().Select(merge => merge!.ToString())) + "\n");
    }
}
