namespace Tiebreak.Features.Identification;

/// <summary>A trained identifier, and how well it does on responses that it has not seen.</summary>
internal sealed class IdentifierTraining
{
    private readonly float[][] _scores;
    private readonly int[] _labels;

    internal IdentifierTraining(ModelIdentifier identifier, IReadOnlyList<ModelIdentifier> ofFold, float[][] scores, int[] labels)
    {
        Identifier = identifier;
        OfFold = ofFold;
        _scores = scores;
        _labels = labels;
    }

    /// <summary>The identifier trained on all responses.</summary>
    public ModelIdentifier Identifier { get; }

    /// <summary>The identifier of each fold, trained without it.</summary>
    public IReadOnlyList<ModelIdentifier> OfFold { get; }

    /// <summary>The raw scores of every response, by the identifier of its fold.</summary>
    internal IReadOnlyList<float[]> Scores => _scores;

    /// <summary>How often the true model is among the most probable ones, out of fold.</summary>
    /// <param name="k">How many count.</param>
    public double TopAccuracy(int k)
    {
        var hits = 0;
        for (var i = 0; i < _labels.Length; i++)
        {
            var scores = _scores[i];
            var better = 0;
            for (var m = 0; m < scores.Length; m++)
            {
                var difference = (Identifier.Sharpness * (scores[m] - scores[_labels[i]])) + Identifier.Priors[m]
                    - Identifier.Priors[_labels[i]];
                better += m != _labels[i] && difference >= 0 ? 1 : 0;
            }

            hits += better < k ? 1 : 0;
        }

        return (double)hits / _labels.Length;
    }
}
