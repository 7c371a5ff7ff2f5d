using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Tokenization;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Judges;

/// <summary>Whether tokenizer, template, recipe and model fit together, told before anything is scored.</summary>
internal static class ModelFit
{
    /// <exception cref="InputException">Something does not fit; the message says what and how to mend it.</exception>
    public static void Check(TransformerModel model, JudgeRecipe recipe, Tokenizer tokenizer, BattleSequences sequences)
    {
        if (model.Backbone.MaxPositions is { } positions && recipe.Options.MaxTokens > positions)
        {
            throw new InputException($"The judge is to read up to {recipe.Options.MaxTokens} tokens, but the model has {positions} "
                + $"positions; set max_tokens to {positions} or less.");
        }

        CheckVocabulary(model, tokenizer, sequences);
        CheckBeginning(model, tokenizer);
        if (recipe.LoadedHead is HeadKind.Generator)
            CheckGenerates(model);
        else if (recipe.LoadedHead is not HeadKind.None)
            CheckOutputs(model, recipe);
    }

    private static void CheckVocabulary(TransformerModel model, Tokenizer tokenizer, BattleSequences sequences)
    {
        // Padding and the like are often added to a tokenizer and never reach the model; words must be known to it.
        var size = model.Backbone.VocabularySize;
        for (var id = size; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.TokenOf(id) is { } token && !tokenizer.IsSpecial(id))
            {
                throw new InputException($"The tokenizer gives \"{token}\" the id {id}, but the model's vocabulary has {size} entries; "
                    + "it is not this model's tokenizer.");
            }
        }

        var battle = new Battle { Id = "template", Turns = [new Turn("?", "a", "b")] };
        foreach (var id in sequences.Of(battle).SelectMany(sequence => sequence.Tokens))
        {
            if (id >= size)
            {
                throw new InputException($"The template needs the token \"{tokenizer.TokenOf(id)}\" with the id {id}, "
                    + $"but the model's vocabulary has {size} entries; use another template or the model's own tokenizer.");
            }
        }
    }

    private static void CheckBeginning(TransformerModel model, Tokenizer tokenizer)
    {
        if (tokenizer.SpecialBefore is [var first, ..] && model.Config.WholesOrNull("bos_token_id") is { Count: > 0 } beginnings
            && !beginnings.Contains(first))
        {
            throw new InputException(
                $"The tokenizer begins every text with \"{tokenizer.TokenOf(first)}\", id {first}, but {model.Config.Path} says that texts "
                + $"begin with id {beginnings[0]}; it is not this model's tokenizer.");
        }
    }

    // With a head that is tied to the embedding, nothing would be missing from a classifier's files.
    private static void CheckGenerates(TransformerModel model)
    {
        if (model.Config.Architectures.FirstOrDefault(name =>
            name.EndsWith("ForSequenceClassification", StringComparison.Ordinal)) is { } classifier)
        {
            throw new InputException($"{model.Config.Path} names {classifier}, a classifier, which has not learned to answer; "
                + "use the head classifier, or a causal language model.");
        }
    }

    private static void CheckOutputs(TransformerModel model, JudgeRecipe recipe)
    {
        var (outputs, labels) = (model.Head.Outputs, recipe.Options.Labels);
        var wanted = recipe.Head is HeadKind.Reward or HeadKind.Regression ? 1 : labels.Count;
        if (outputs != wanted)
        {
            var remedy = wanted == 1
                ? "use the head classifier, or a checkpoint with one output"
                : "set labels to what its outputs stand for, or use another head";
            throw new InputException(
                $"The head of {model.Config.Path} has {outputs} outputs, "
                + $"but a {recipe.Options.Head} judge with these labels needs {wanted}; {remedy}.");
        }

        // Names that say nothing (LABEL_0) are no contradiction.
        string?[] named = [.. model.Config.LabelNames.Select(LabelName.Meaning)];
        if (wanted > 1 && named.Length == outputs && Array.TrueForAll(named, name => name is not null)
            && !named.SequenceEqual(labels, StringComparer.Ordinal))
        {
            throw new InputException($"{model.Config.Path} names its outputs {string.Join(", ", model.Config.LabelNames)}, "
                + $"but the recipe's labels are {string.Join(", ", labels)}; set labels: [{string.Join(", ", named)}].");
        }
    }
}
