namespace Tiebreak.Data.Reading;

/// <summary>Cuts a text into blocks of whole records, in file order. Used by one thread.</summary>
internal interface IBlockSource
{
    /// <summary>The next block, or null at the end.</summary>
    Block? Next();
}
