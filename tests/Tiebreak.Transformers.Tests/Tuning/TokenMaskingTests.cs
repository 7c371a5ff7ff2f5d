using CsCheck;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tuning.Pretraining;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Which tokens are to be guessed, and what is shown in their place.</summary>
public sealed class TokenMaskingTests : IDisposable
{
    private const int Separator = 3;
    private const int Mask = 4;
    private const int Vocabulary = 48;

    private readonly TemporaryFolder _folder = new();
    private readonly Tokenizer _tokenizer;

    public TokenMaskingTests() => _tokenizer = TokenizerFile.Open(_folder.Write("vocab.txt", TinyTokenizer.WordPieces()));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_hidden_is_known_and_the_rest_stays()
    {
        var masking = new TokenMasking(_tokenizer, Vocabulary, 0.15, seed: 1);
        var again = new TokenMasking(_tokenizer, Vocabulary, 0.15, seed: 1);
        Gen.Int[0, Vocabulary - 1].Array[0, 60].Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((tokens, step, place) =>
        {
            var masked = masking.Of(new TokenSequence("a", tokens), step, place);
            Assert.Equal(masked.Shown.Tokens, again.Of(new TokenSequence("a", tokens), step, place).Shown.Tokens);
            Assert.Equal(tokens.Any(token => !_tokenizer.IsSpecial(token)), masked.Places.Count > 0);
            Assert.Equal(masked.Places.Order().Distinct(), masked.Places);
            for (var i = 0; i < tokens.Length; i++)
            {
                var guess = Enumerable.Range(0, masked.Places.Count).Where(at => masked.Places[at] == i).ToArray();
                if (guess is [var at])
                {
                    Assert.Equal(tokens[i], masked.Tokens[at]);
                    Assert.False(_tokenizer.IsSpecial(tokens[i]));
                    Assert.True(masked.Shown.Tokens[i] is Mask || !_tokenizer.IsSpecial(masked.Shown.Tokens[i]));
                }
                else
                {
                    Assert.Equal(tokens[i], masked.Shown.Tokens[i]);
                }
            }
        });
    }

    [Fact]
    public void Shares_are_those_of_BERT()
    {
        int[] tokens = [2, .. Enumerable.Repeat(20, 40_000), Separator];
        var masked = new TokenMasking(_tokenizer, Vocabulary, 0.15, seed: 2).Of(new TokenSequence("a", tokens), 0, 0);
        double chosen = masked.Places.Count;
        Assert.InRange(chosen / 40_000, 0.14, 0.16);
        Assert.InRange(masked.Places.Count(i => masked.Shown.Tokens[i] == Mask) / chosen, 0.78, 0.82);
        Assert.InRange(masked.Places.Count(i => masked.Shown.Tokens[i] == 20) / chosen, 0.08, 0.125);
    }

    [Fact]
    public void A_tokenizer_without_mask_token_is_refused()
    {
        var tokenizer = TokenizerFile.Open(_folder.Write("tokenizer.json", TinyTokenizer.ByteLevelJson()));
        var error = Assert.Throws<InputException>(() => new TokenMasking(tokenizer, Vocabulary, 0.15, seed: 1));
        Assert.Contains("no mask token ([MASK] or <mask>)", error.Message, StringComparison.Ordinal);
    }
}
