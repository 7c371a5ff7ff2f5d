namespace Tiebreak.Tokenization.Decoding;

/// <summary>Puts all tokens together.</summary>
internal sealed class FuseDecoder : ITokenDecoder
{
    public List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}
