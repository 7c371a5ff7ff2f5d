using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>The attention of an encoder's layer, up to its output projection.</summary>
internal interface IEncoderAttention : IDisposable
{
    /// <param name="hidden">[tokens, hidden].</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="wanted">Whose outputs are needed.</param>
    /// <returns>[wanted tokens, hidden].</returns>
    Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted);
}
