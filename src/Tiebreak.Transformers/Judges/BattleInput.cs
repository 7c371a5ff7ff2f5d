using Tiebreak.Core;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Judges;

/// <summary>How battles go into the model of a recipe, and which outputs are looked at: the same in training and in scoring.</summary>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="Sequences">Writes battles.</param>
internal sealed record BattleInput(Tokenizer Tokenizer, BattleSequences Sequences)
{
    private IReadOnlyList<IReadOnlyList<int>> Answers { get; init; } = [];

    private int? RewardToken { get; init; }

    private JudgeRecipe? Probe { get; init; } // a model that is read without a head

    private bool HasChunks { get; init; }

    /// <summary>Opens the tokenizer.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizerPath">Folder or file of the tokenizer.</param>
    /// <param name="chat">The model's chat template; null: none is used.</param>
    /// <exception cref="InputException">The tokenizer cannot be read, or does not fit the recipe.</exception>
    public static BattleInput Open(JudgeRecipe recipe, string tokenizerPath, ChatTemplate? chat)
    {
        var tokenizer = TokenizerFile.Open(tokenizerPath);
        var fitter = new BattleFitter(tokenizer, recipe.Template, recipe.Strategy, recipe.Options.MaxTokens, chat);
        return new BattleInput(tokenizer, new BattleSequences(fitter, recipe.ReadsApart, recipe.Options.Chunks))
        {
            Answers = recipe.Head is HeadKind.Generator ? AnswerTokens.Find(tokenizer, fitter.End, recipe.Options.Answers) : [],
            RewardToken = recipe.Options.RewardToken,
            Probe = recipe.Head is HeadKind.Probe ? recipe : null,
            HasChunks = recipe.Options.Chunks > 1,
        };
    }

    /// <summary>What makes numbers of the model's hidden states; it belongs to the model.</summary>
    public Head HeadOf(TransformerModel model) =>
        HasChunks ? new ChunkedHead(OfTexts(model), model.Backbone) : OfTexts(model);

    private Head OfTexts(TransformerModel model) => Probe is not null ? new StateHead(model.Backbone.HiddenSize, Probe.ReadsMean)
        : model.Head is not GeneratorHead generator ? model.Head
        : RewardToken is { } token ? new RewardHead(new AnswerHead(generator, [[token]]))
        : new AnswerHead(generator, Answers);
}
