using Tiebreak.Core;
using Tiebreak.Core.Randomness;
using Tiebreak.Tokenization;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Tuning.Pretraining;

/// <summary>
/// Chooses the tokens that a model is to guess, as BERT did: of those chosen 80 % are shown as the mask token, 10 % as a token by chance,
/// and 10 % as they are, so that the model cannot tell which ones it is asked about. Special tokens are never chosen. The choice follows
/// from the seed, the step and the place in the step alone.
/// </summary>
internal sealed class TokenMasking
{
    private const double Masked = 0.8;
    private const double Replaced = 0.1;

    private static readonly string[] MaskTokens = ["[MASK]", "<mask>"];

    private readonly Tokenizer _tokenizer;
    private readonly double _share;
    private readonly ulong _seed;
    private readonly int _mask;
    private readonly int[] _words;

    /// <param name="tokenizer">Knows the mask token and which tokens are special.</param>
    /// <param name="vocabularySize">Tokens that the model knows.</param>
    /// <param name="share">The share of the tokens that are chosen.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <exception cref="InputException">The tokenizer has no mask token.</exception>
    public TokenMasking(Tokenizer tokenizer, int vocabularySize, double share, ulong seed)
    {
        (_tokenizer, _share) = (tokenizer, share);
        _seed = new SeededRandom(seed, ulong.MaxValue - 1).NextUInt64(); // other choices have other streams of the seed
        _mask = MaskTokens.Select(tokenizer.IdOf).FirstOrDefault(id => id < vocabularySize) ?? throw new InputException(
            $"The tokenizer has no mask token ({string.Join(" or ", MaskTokens)}), which the recipe's section \"tuning.mlm\" needs. Leave "
            + "the section out, or take a model that was trained on masked tokens.");
        _words =
        [
            .. Enumerable.Range(0, Math.Min(vocabularySize, tokenizer.VocabularySize))
                .Where(id => !tokenizer.IsSpecial(id) && tokenizer.TokenOf(id) is not null),
        ];
    }

    /// <summary>A sequence as a step shows it.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="step">The step.</param>
    /// <param name="place">Its place in the step.</param>
    /// <returns>At least one token is chosen where there is one that is not special.</returns>
    public MaskedSequence Of(TokenSequence sequence, int step, int place)
    {
        var random = new SeededRandom(_seed, ((ulong)step << 32) | (uint)place);
        int[] ordinary = [.. Enumerable.Range(0, sequence.Tokens.Count).Where(i => !IsKept(sequence.Tokens[i]))];
        var chosen = new List<int>();
        foreach (var i in ordinary)
        {
            if (random.NextDouble() < _share)
                chosen.Add(i);
        }

        if (chosen.Count == 0 && ordinary.Length > 0)
            chosen.Add(ordinary[random.Next(ordinary.Length)]);
        int[] shown = [.. sequence.Tokens];
        foreach (var i in chosen)
        {
            var way = random.NextDouble();
            if (way < Masked)
                shown[i] = _mask;
            else if (way < Masked + Replaced)
                shown[i] = _words[random.Next(_words.Length)];
        }

        return new MaskedSequence(sequence with { Tokens = shown }, chosen, [.. chosen.Select(i => sequence.Tokens[i])]);
    }

    private bool IsKept(int token) => token == _mask || _tokenizer.IsSpecial(token);
}

/// <summary>A sequence with tokens to be guessed.</summary>
/// <param name="Shown">What the model reads.</param>
/// <param name="Places">The places of the tokens that it is to guess.</param>
/// <param name="Tokens">What stands there.</param>
internal sealed record MaskedSequence(TokenSequence Shown, IReadOnlyList<int> Places, IReadOnlyList<int> Tokens);
