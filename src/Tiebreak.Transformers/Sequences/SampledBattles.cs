using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Formats;

namespace Tiebreak.Transformers.Sequences;

/// <summary>Battles as rows of tokens for a published model.</summary>
internal static class SampledBattles
{
    /// <summary>Some battles, chosen by a seed, as a model's own tokenizer writes them.</summary>
    /// <param name="folder">The model's folder, with its tokenizer.</param>
    /// <param name="battles">The battles to choose from.</param>
    /// <param name="template">How a battle is written.</param>
    /// <param name="maxTokens">Most tokens of a battle.</param>
    /// <param name="count">Most battles to choose.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="InputException">The folder holds no tokenizer.</exception>
    public static IReadOnlyList<TokenSequence> Draw(
        string folder, IReadOnlyList<Battle> battles, BattleTemplate template, int maxTokens, int count, ulong seed)
    {
        var chat = template.IsChat ? ChatTemplate.Find(folder) : null;
        var fitter = new BattleFitter(TokenizerFile.Open(folder), template, BudgetStrategy.Rounds, maxTokens, chat);
        var shuffled = battles.ToArray();
        new SeededRandom(seed).Shuffle<Battle>(shuffled);
        return [.. shuffled.Take(count).Select(battle => TokenSequence.Of(battle.Id, fitter.Fit(battle)))];
    }
}
