using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>A place in a written battle: a frame, or one text of one turn.</summary>
/// <param name="Frame">Ids of the frame; empty for a text.</param>
/// <param name="Part">Whose text, or null for a frame.</param>
/// <param name="Turn">The turn that the place belongs to and goes with, or -1.</param>
/// <param name="TypeId">Segment number.</param>
internal readonly record struct TemplateSlot(int[] Frame, BattlePart? Part, int Turn, int TypeId);
