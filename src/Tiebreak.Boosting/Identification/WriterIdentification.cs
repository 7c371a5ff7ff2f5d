namespace Tiebreak.Boosting.Identification;

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
