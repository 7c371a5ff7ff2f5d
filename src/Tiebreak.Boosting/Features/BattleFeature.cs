using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.Features;

/// <summary>One number about a battle as a whole, the same when A and B are exchanged.</summary>
/// <param name="Name">Lower case, underscores, no spaces.</param>
/// <param name="Value">Works it out from the battle, its prompts, and the responses of A and B.</param>
internal sealed record BattleFeature(string Name, Func<Battle, SideText, SideText, SideText, double> Value);
