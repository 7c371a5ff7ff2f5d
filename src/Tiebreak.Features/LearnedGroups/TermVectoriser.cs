using Tiebreak.Core.Battles;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>TF-IDF vectors of the three texts.</summary>
/// <param name="vocabulary">The terms.</param>
internal sealed class TermVectoriser(TermVocabulary vocabulary) : IBattleVectoriser
{
    public IReadOnlyList<string> Terms => vocabulary.Terms;

    public IReadOnlyList<float> Scales => vocabulary.InverseFrequencies;

    public BattleVectors Of(Battle battle)
    {
        var texts = BattleTexts.Of(battle);
        return new BattleVectors(vocabulary.Vectorise(texts.Prompt), vocabulary.Vectorise(texts.A), vocabulary.Vectorise(texts.B));
    }
}
