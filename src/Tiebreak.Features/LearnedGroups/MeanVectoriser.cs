using Tiebreak.Core.Battles;
using Tiebreak.Features.TermVectors;
using Tiebreak.Features.WordVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>The mean word vectors of the three texts of a battle.</summary>
/// <param name="table">The word vectors.</param>
internal sealed class MeanVectoriser(WordVectorTable table)
{
    private readonly int[] _places = [.. Enumerable.Range(0, table.Dimensions)];

    public WordVectorTable Table => table;

    public BattleVectors Of(Battle battle)
    {
        var texts = BattleTexts.Of(battle);
        return new BattleVectors(Mean(texts.Prompt), Mean(texts.A), Mean(texts.B));
    }

    private TermVector Mean(string text)
    {
        var values = new float[table.Dimensions];
        table.Mean(text, values);
        return new TermVector(_places, values);
    }
}
