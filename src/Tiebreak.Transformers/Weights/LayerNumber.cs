using System.Globalization;

namespace Tiebreak.Transformers.Weights;

/// <summary>Tells to which layer a weight belongs.</summary>
internal static class LayerNumber
{
    /// <summary>The first number in a name, 3 in <c>model.layers.3.mlp.up_proj</c>; null where there is none.</summary>
    /// <param name="name">The name of a tensor or of a linear layer.</param>
    public static int? Of(string name)
    {
        foreach (var part in name.Split('.'))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
        }

        return null;
    }
}
