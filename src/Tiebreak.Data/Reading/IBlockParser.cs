using Tiebreak.Core;

namespace Tiebreak.Data.Reading;

/// <summary>Turns blocks of one file into rows. Blocks are parsed on several threads at once.</summary>
internal interface IBlockParser
{
    /// <summary>Parses a block, which stays the caller's.</summary>
    ParsedBlock Parse(Block block);
}

/// <summary>The rows of a block, in file order, and what made it impossible to go on behind them.</summary>
internal readonly record struct ParsedBlock(List<BattleRow> Rows, InputException? Error);
