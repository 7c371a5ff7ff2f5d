using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Families;

/// <summary>What a family of encoders calls the parts of the head that guesses masked tokens.</summary>
/// <param name="Dense">The linear layer.</param>
/// <param name="Norm">The norm behind it.</param>
/// <param name="Bias">The bias of the outputs.</param>
/// <param name="Activation">Between layer and norm; null: that of the model's layers.</param>
internal sealed record MaskedHeadLayout(string Dense, string Norm, string Bias, Activation? Activation = null);
