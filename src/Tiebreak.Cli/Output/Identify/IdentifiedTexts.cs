using Tiebreak.Data;
using Tiebreak.Features.Identification;

namespace Tiebreak.Cli.Output.Identify;

/// <summary>Who wrote some texts, for machines.</summary>
internal sealed record IdentifiedTexts(IReadOnlyList<IdentifiedText> Texts);

/// <summary>Who wrote a text.</summary>
/// <param name="Models">All models, the most probable first.</param>
/// <param name="Evidence">What speaks for the first one.</param>
/// <param name="SaysItIs">Whom the text names as its writer; null for nobody.</param>
internal sealed record IdentifiedText(
    IReadOnlyList<WriterProbability> Models, IReadOnlyList<WriterEvidence> Evidence, string? SaysItIs);

/// <summary>A model and how probable it is that it wrote the text.</summary>
internal sealed record WriterProbability(string Model, double Probability);

/// <summary>Who wrote the responses of battles.</summary>
internal sealed record IdentifiedResponses(IReadOnlyList<IdentifiedResponse> Responses, IReadOnlyList<RowProblem> Problems);

/// <summary>The most probable writer of a response.</summary>
/// <param name="Id">The battle.</param>
/// <param name="Side">a or b.</param>
/// <param name="Model">The model.</param>
/// <param name="Probability">How probable it is.</param>
internal sealed record IdentifiedResponse(string Id, string Side, string Model, double Probability);
