using Tiebreak.Core.Metrics;

namespace Tiebreak.Features.Identification;

/// <summary>How often the writer is told, on responses that were not seen.</summary>
/// <param name="Responses">Responses scored.</param>
/// <param name="Top1">Share of responses whose writer is the most probable model.</param>
/// <param name="Top1Interval">Its 95 % interval, prompts as clusters.</param>
/// <param name="Top5">Share of responses whose writer is among the five most probable models.</param>
/// <param name="Top5Interval">Its 95 % interval.</param>
/// <param name="Family">Share of responses whose writer's family is the most probable one.</param>
/// <param name="FamilyInterval">Its 95 % interval.</param>
/// <param name="LogLoss">Mean of -ln of the writer's probability, in nats.</param>
public sealed record IdentificationScore(
    int Responses, double Top1, Interval Top1Interval, double Top5, Interval Top5Interval, double Family,
    Interval FamilyInterval, double LogLoss);
