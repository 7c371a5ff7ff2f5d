using Tiebreak.Core.Battles;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>Turns battles into what a linear model sees. Exchanging A and B exchanges the vectors of the sides.</summary>
internal interface IBattleVectoriser
{
    /// <summary>The name of each place of the vectors.</summary>
    IReadOnlyList<string> Terms { get; }

    /// <summary>What the values of each place are multiplied by.</summary>
    IReadOnlyList<float> Scales { get; }

    /// <summary>The vectors of a battle.</summary>
    /// <param name="battle">The battle.</param>
    BattleVectors Of(Battle battle);
}
