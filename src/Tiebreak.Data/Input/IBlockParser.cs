namespace Tiebreak.Data.Input;

/// <summary>Turns blocks of one file into rows. Blocks are parsed on several threads at once.</summary>
internal interface IBlockParser
{
    /// <summary>Parses a block, which stays the caller's.</summary>
    ParsedBlock Parse(Block block);
}
