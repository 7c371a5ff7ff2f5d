using Tiebreak.Core.Battles;

namespace Tiebreak.Features.Routing;

/// <summary>
/// Where the parameters of a fit stand in one vector, and how they make up the weights of the models: w_m = s · θ_m + u_family(m) + v_m.
/// Prompts that divide strong models from weak ones (s), or families from each other (u), can so be learned from few votes, and a model by
/// itself (v) from many.
/// </summary>
internal sealed class PromptParameters
{
    private readonly double[] _loadings;
    private readonly int[] _familyOf;

    /// <param name="models">The models.</param>
    /// <param name="features">How many features there are.</param>
    /// <param name="loadings">The strengths without prompts, which s is multiplied by.</param>
    public PromptParameters(IReadOnlyList<string> models, int features, double[] loadings)
    {
        (Models, Features, _loadings) = (models.Count, features, loadings);
        string[] families = [.. models.GroupBy(ModelFamily.Of, StringComparer.Ordinal).Where(family => family.Count() > 1)
            .Select(family => family.Key)];
        _familyOf = [.. models.Select(model => Array.IndexOf(families, ModelFamily.Of(model)))];
        Families = families.Length;
    }

    public int Models { get; }

    public int Features { get; }

    public int Families { get; }

    /// <summary>The place of τ; strengths stand before it.</summary>
    public int Tie => Models;

    public int TieWeights => Models + 1;

    public int Spread => TieWeights + Features;

    public int OfFamilies => Spread + Features;

    public int OfModels => OfFamilies + (Features * Families);

    public int Count => OfModels + (Features * Models);

    /// <summary>The weights of the models, <c>[features, models]</c>.</summary>
    public void Combine(ReadOnlySpan<double> parameters, Span<double> weights)
    {
        parameters[OfModels..].CopyTo(weights);
        for (var k = 0; k < Features; k++)
        {
            var row = weights.Slice(k * Models, Models);
            var families = parameters.Slice(OfFamilies + (k * Families), Families);
            for (var m = 0; m < Models; m++)
                row[m] += (parameters[Spread + k] * _loadings[m]) + (_familyOf[m] >= 0 ? families[_familyOf[m]] : 0);
        }
    }

    /// <summary>Passes derivatives by the combined weights on to what they are made of.</summary>
    public void Distribute(ReadOnlySpan<double> byWeights, Span<double> gradient)
    {
        byWeights.CopyTo(gradient[OfModels..]);
        for (var k = 0; k < Features; k++)
        {
            var row = byWeights.Slice(k * Models, Models);
            var families = gradient.Slice(OfFamilies + (k * Families), Families);
            for (var m = 0; m < Models; m++)
            {
                gradient[Spread + k] += row[m] * _loadings[m];
                if (_familyOf[m] >= 0)
                    families[_familyOf[m]] += row[m];
            }
        }
    }
}
