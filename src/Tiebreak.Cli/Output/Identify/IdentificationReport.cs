using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Features.Identification;

namespace Tiebreak.Cli.Output.Identify;

/// <summary>How well writers are told, for machines.</summary>
/// <param name="result">The result.</param>
internal class IdentificationReport(IdentificationResult result)
{
    public IdentificationNumbers All => new(result.All);

    public IdentificationNumbers? SelfIdentifying => result.SelfIdentifying is { } score ? new IdentificationNumbers(score) : null;

    public IdentificationNumbers? Anonymous => result.Anonymous is { } score ? new IdentificationNumbers(score) : null;

    public int Models => result.Models.Count;

    public int Families => result.Families.Count;

    public double Chance => result.Chance;

    public double Majority => result.Majority;

    public double MajorityTop5 => result.MajorityTop5;

    public double MajorityFamily => result.MajorityFamily;

    public double ShareLogLoss => result.ShareLogLoss;

    public IEnumerable<ConfusedWriters> Confusion => ConfusedWriters.Of(result.Models, result.Confusion);

    public IEnumerable<ConfusedWriters> FamilyConfusion => ConfusedWriters.Of(result.Families, result.FamilyConfusion);

    /// <summary>Rows that could not be read as they should; null in the manifest of an identifier.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RowProblem>? Problems { get; init; }
}

/// <summary>The same of an identifier that was just trained, and what it learned.</summary>
/// <param name="result">The result, out of fold.</param>
internal sealed class IdentifierTrainingReport(IdentificationResult result) : IdentificationReport(result)
{
    [JsonPropertyOrder(1)]
    public required string Identifier { get; init; }

    [JsonPropertyOrder(1)]
    public required EvidenceShares Weights { get; init; }

    [JsonPropertyOrder(1)]
    public required IEnumerable<PooledWriter> Pooled { get; init; }

    [JsonPropertyOrder(1)]
    public required IEnumerable<WriterTells> Tells { get; init; }
}

/// <summary>Shares and their 95 % intervals; see <see cref="IdentificationScore"/>.</summary>
internal sealed class IdentificationNumbers(IdentificationScore score)
{
    public int Responses => score.Responses;

    public double Top1 => score.Top1;

    public Interval Top1Ci => score.Top1Interval;

    public double Top5 => score.Top5;

    public Interval Top5Ci => score.Top5Interval;

    public double Family => score.Family;

    public Interval FamilyCi => score.FamilyInterval;

    public double LogLoss => score.LogLoss;
}

/// <summary>How often a writer was taken for another.</summary>
internal sealed record ConfusedWriters(string Writer, string Said, int Responses)
{
    public static IEnumerable<ConfusedWriters> Of(IReadOnlyList<string> names, int[,] counts) =>
        from i in Enumerable.Range(0, names.Count)
        from j in Enumerable.Range(0, names.Count)
        where counts[i, j] > 0
        select new ConfusedWriters(names[i], names[j], counts[i, j]);
}

/// <summary>What each kind of evidence counts.</summary>
internal sealed record EvidenceShares(double Words, double Characters, double Style);

/// <summary>A model that has too few responses to be told by itself.</summary>
internal sealed record PooledWriter(string Model, int Responses);

/// <summary>What gives a model away; see <see cref="ModelTells"/>.</summary>
internal sealed record WriterTells(
    string Model,
    int Responses,
    IEnumerable<TermEvidence> Words,
    IEnumerable<TermEvidence> Characters,
    IEnumerable<StyleDeviation> Style)
{
    public static WriterTells Of(ModelTells tells) => new(
        tells.Model,
        tells.Responses,
        tells.Words.Select(term => new TermEvidence(term.Term, term.Nats)),
        tells.Characters.Select(term => new TermEvidence(term.Term, term.Nats)),
        tells.Style.Select(feature => new StyleDeviation(feature.Feature, feature.Deviations)));
}

/// <summary>What a term says for a model, in nats.</summary>
internal sealed record TermEvidence(string Term, double Nats);

/// <summary>How a model differs from all in what is counted, in standard deviations.</summary>
internal sealed record StyleDeviation(string Feature, double Deviations);
