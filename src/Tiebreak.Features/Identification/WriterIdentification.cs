namespace Tiebreak.Features.Identification;

/// <summary>A trained identifier, and what identifiers of the same kind say of responses that they have not seen.</summary>
/// <param name="Identifier">Trained on all responses.</param>
/// <param name="Responses">The responses.</param>
/// <param name="OutOfFold">
/// Of each response, the probability of each model, by an identifier that was trained and weighed without its fold.
/// </param>
/// <param name="Tells">What gives each model away.</param>
public sealed record WriterIdentification(
    WriterIdentifier Identifier, IReadOnlyList<WrittenResponse> Responses, IReadOnlyList<double[]> OutOfFold,
    IReadOnlyList<ModelTells> Tells);

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
