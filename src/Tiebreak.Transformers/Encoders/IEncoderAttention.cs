using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>The attention of an encoder's layer, up to its output projection.</summary>
internal interface IEncoderAttention : IDisposable
{
    /// <param name="hidden">[tokens, hidden].</param>
    /// <param name="tokens">Where sequences begin and end.</param>
    /// <returns>[tokens, hidden].</returns>
    Tensor Forward(Tensor hidden, PackedTokens tokens);
}
