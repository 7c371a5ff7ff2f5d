using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Tuning.Noise;

/// <summary>
/// Leaves words and turns out of what a step shows, others each time. What is left out follows from the seed, the step and the place in the
/// step alone.
/// </summary>
internal sealed class TextNoise
{
    private readonly TuningExamples _examples;
    private readonly BattleInput _input;
    private readonly TuningOptions _options;
    private readonly ulong _seed;

    /// <param name="examples">What is shown.</param>
    /// <param name="input">Writes battles that have lost turns.</param>
    /// <param name="options">How much is left out.</param>
    /// <param name="seed">The seed of the training.</param>
    public TextNoise(TuningExamples examples, BattleInput input, TuningOptions options, ulong seed)
    {
        (_examples, _input, _options) = (examples, input, options);
        _seed = new SeededRandom(seed, ulong.MaxValue).NextUInt64(); // other choices have the seed itself
    }

    /// <summary>An example as a step shows it.</summary>
    /// <param name="example">The example.</param>
    /// <param name="step">The step.</param>
    /// <param name="place">Its place in the step.</param>
    public TuningRow RowOf(Example example, int step, int place)
    {
        var row = _examples.RowOf(example);
        var random = new SeededRandom(_seed, ((ulong)step << 32) | (uint)place);
        var sequences = row.Sequences;
        if (_options.TurnDropout > 0 && WithoutTurns(row.Battle, ref random) is { } shorter)
            sequences = _input.Sequences.Of(example.IsSwapped ? shorter.Swapped() : shorter);
        return _options.WordDropout > 0
            ? row with { Sequences = WithoutWords(sequences, ref random) }
            : row with { Sequences = sequences };
    }

    // The last turn is what people voted on for sure; null where nothing is left out.
    private Battle? WithoutTurns(Battle battle, ref SeededRandom random)
    {
        var kept = new List<Turn>(battle.Turns.Count);
        for (var i = 0; i < battle.Turns.Count; i++)
        {
            if (i == battle.Turns.Count - 1 || random.NextDouble() >= _options.TurnDropout)
                kept.Add(battle.Turns[i]);
        }

        return kept.Count == battle.Turns.Count ? null : battle with { Turns = kept };
    }

    private TokenSequence[] WithoutWords(IReadOnlyList<TokenSequence> sequences, ref SeededRandom random)
    {
        var shorter = new TokenSequence[sequences.Count];
        for (var i = 0; i < shorter.Length; i++)
            shorter[i] = WithoutWords(sequences[i], ref random);
        return shorter;
    }

    // Special tokens stay, and the ends: heads read the first or the last token.
    private TokenSequence WithoutWords(TokenSequence sequence, ref SeededRandom random)
    {
        var (tokens, types) = (new List<int>(sequence.Tokens.Count), sequence.Types is null ? null : new List<int>(sequence.Tokens.Count));
        for (var i = 0; i < sequence.Tokens.Count; i++)
        {
            var stays = i == 0 || i == sequence.Tokens.Count - 1 || _input.Tokenizer.IsSpecial(sequence.Tokens[i]);
            if (!stays && random.NextDouble() < _options.WordDropout)
                continue;
            tokens.Add(sequence.Tokens[i]);
            types?.Add(sequence.Types![i]);
        }

        return sequence with { Tokens = tokens, Types = types };
    }
}
