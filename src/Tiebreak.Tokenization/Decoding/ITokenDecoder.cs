namespace Tiebreak.Tokenization.Decoding;

/// <summary>A step on the way from tokens back to text.</summary>
internal interface ITokenDecoder
{
    /// <summary>Rewrites the tokens; what is left after the last step is put together.</summary>
    List<string> Decode(List<string> tokens);
}
