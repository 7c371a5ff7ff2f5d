namespace Tiebreak.Boosting.Identification;

/// <summary>
/// What gives a model away: terms by the evidence that they brought on average to responses that were not seen, and how its style differs.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Responses">Its responses.</param>
/// <param name="Words">Words and pairs of words, with mean evidence per response in nats.</param>
/// <param name="Characters">Runs of characters, likewise.</param>
/// <param name="Style">What is counted, with the difference of its mean from that of all responses, in standard deviations.</param>
public sealed record ModelTells(
    string Model, int Responses, IReadOnlyList<(string Term, double Nats)> Words, IReadOnlyList<(string Term, double Nats)> Characters,
    IReadOnlyList<(string Feature, double Deviations)> Style);
