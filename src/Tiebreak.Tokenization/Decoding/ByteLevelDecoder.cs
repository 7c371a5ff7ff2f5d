using System.Text;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Decoding;

/// <summary>Tokens written in the byte alphabet become their bytes, and these become text; what is no UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : ITokenDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
            bytes.AddRange(ByteAlphabet.Decode(token) ?? Encoding.UTF8.GetBytes(token));
        return [Encoding.UTF8.GetString([.. bytes])];
    }
}
