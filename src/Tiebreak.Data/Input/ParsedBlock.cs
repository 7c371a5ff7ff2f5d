using Tiebreak.Core;

namespace Tiebreak.Data.Input;

/// <summary>The rows of a block, in file order, and what made it impossible to go on behind them.</summary>
internal readonly record struct ParsedBlock(List<BattleRow> Rows, InputException? Error);
