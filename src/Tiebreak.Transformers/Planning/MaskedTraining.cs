using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Planning;

/// <summary>What the training on masked tokens takes that comes before a tuning.</summary>
/// <param name="Tokens">Tokens of the texts, all passes together.</param>
/// <param name="WorkOfToken">The work of one of them, where one of the tuning has 1.</param>
/// <param name="Memory">What it holds at its widest place: all weights learn.</param>
internal sealed record MaskedTraining(long Tokens, double WorkOfToken, TuningMemory Memory)
{
    // An adapter learns with the products of the forward pass and of the way back; weights take a third one.
    private const double FullOverAdapter = 1.5;

    /// <summary>Counts.</summary>
    /// <param name="config">The model.</param>
    /// <param name="cost">Its weights.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokensOf">Tokens of each battle in one order.</param>
    /// <param name="longest">Tokens of the longest sequence.</param>
    /// <param name="isCpu">Whether a processor computes, and no card.</param>
    public static MaskedTraining Of(ModelConfig config, ModelCost cost, JudgeRecipe recipe, int[] tokensOf, int longest, bool isCpu)
    {
        var (tuning, options) = (recipe.Tuning!, recipe.Tuning!.Options);
        var full = recipe with { Tuning = tuning with { Method = TuningMethod.Full, Options = options with { Layers = null } } };
        var largest = tokensOf.OrderDescending().Take(options.Mlm.BatchSize).Sum(tokens => (long)tokens);
        var widest = Math.Max(longest, (int)Math.Min(options.BatchTokens, largest));
        var part = new WidestPart(widest, longest, AllAreRead: true);
        var memory = TuningMemory.Of(config, cost, LearnedParameters.Of(config, full), full, part, isCpu);

        // Logits of the whole vocabulary in float32, their logarithms and their gradients, for the share of the tokens that is guessed.
        var guesses = options.Mlm.Share * config.Count("vocab_size");
        memory = memory with { ActivationBytes = memory.ActivationBytes + (long)(3 * sizeof(float) * guesses * widest) };
        var head = guesses * cost.Layer.Hidden / cost.ActiveParameters;
        return new MaskedTraining(
            (long)(options.Mlm.Epochs * tokensOf.Sum(tokens => (long)tokens)),
            (tuning.Method is TuningMethod.Lora ? FullOverAdapter : 1) * (1 + head),
            memory);
    }
}
