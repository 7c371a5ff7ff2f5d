using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Agreement;
using Tiebreak.Data.Auditing;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Auditing;

/// <summary>What an audit found.</summary>
public sealed class AuditDocument : IDocument
{
    private readonly Audit _audit;
    private readonly AnnotatorAgreement? _agreement;

    internal AuditDocument(Audit audit, AnnotatorAgreement? agreement) => (_audit, _agreement) = (audit, agreement);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Audit of battles";

    /// <summary>Battles in all files.</summary>
    public int Rows => _audit.Rows;

    /// <summary>Different opening prompts among them.</summary>
    public int Prompts => _audit.Prompts;

    /// <summary>The files.</summary>
    public IEnumerable<AuditedFileCounts> Files => _audit.Files.Select(file => new AuditedFileCounts(
        file.Name, file.Rows, file.Problems, file.IsTest));

    /// <summary>Battles with each finding, also where there is none.</summary>
    public IReadOnlyDictionary<string, int> Findings => _audit.Findings.ToDictionary(
        finding => KeyOf(finding.Name), finding => finding.Count, StringComparer.Ordinal);

    /// <summary>Ids of the first few battles with each finding.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Examples => _audit.Findings.Where(finding => finding.Count > 0)
        .ToDictionary(finding => KeyOf(finding.Name), finding => finding.Examples, StringComparer.Ordinal);

    /// <summary>Battles with each verdict.</summary>
    public IReadOnlyDictionary<string, int> Verdicts => _audit.Verdicts.ToDictionary(
        verdict => KeyOf(NameOf(verdict.Key)).ToLowerInvariant(), verdict => verdict.Value, StringComparer.Ordinal);

    /// <summary>Battles with each number of turns.</summary>
    public IReadOnlyDictionary<int, int> Turns => _audit.Turns;

    /// <summary>Battles in each language, most frequent first.</summary>
    public IReadOnlyDictionary<string, int> Languages => _audit.Languages.ToDictionary(
        language => language.Language, language => language.Battles, StringComparer.Ordinal);

    /// <summary>Battles of each source and licence, most frequent first.</summary>
    public IEnumerable<AuditedSource> Sources => _audit.Sources.Select(source => new AuditedSource(
        source.Source, source.License, source.Battles));

    /// <summary>What the licences of the sources forbid or ask for, as far as Tiebreak knows them; one sentence each.</summary>
    public IEnumerable<string> Licences => AuditSections.Licences(_audit);

    /// <summary>Lengths of prompts, responses and whole battles.</summary>
    public IReadOnlyList<LengthSummary> Lengths => _audit.Lengths;

    /// <summary>What counted the tokens.</summary>
    public string TokensAre => _audit.TokensAre;

    /// <summary>How often side A wins.</summary>
    public WinShare FirstSideWins => WinShare.Of(_audit.FirstSide);

    /// <summary>How often the longer side wins.</summary>
    public WinShare LongerSideWins => WinShare.Of(_audit.LongerSide);

    /// <summary>How battles end by the difference in length.</summary>
    public IEnumerable<LengthCurvePoint> LengthCurve => _audit.LengthCurve.Select(bin => new LengthCurvePoint(
        bin.LogRatio, bin.Battles, bin.Shares.A, bin.Shares.B, bin.Shares.Tie));

    /// <summary>The models, most battles first.</summary>
    public IReadOnlyList<ModelSummary> Models => _audit.Models;

    /// <summary>Every two of the most frequent models that met, once.</summary>
    public IEnumerable<AuditedPair> Pairs
    {
        get
        {
            var pairs = _audit.Pairs;
            return
                from i in Enumerable.Range(0, pairs.Models.Count)
                from j in Enumerable.Range(i + 1, pairs.Models.Count - i - 1)
                where pairs.Battles[i, j] > 0
                select new AuditedPair(pairs.Models[i], pairs.Models[j], (int)pairs.Battles[i, j], pairs.WinFraction[i, j]);
        }
    }

    /// <summary>How far annotators agree; null where nobody asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Agreement => _agreement is null
        ? null
        : JsonSerializer.SerializeToElement(_agreement, InnerJson.Default.AnnotatorAgreement);

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
        [.. AuditSections.Of(_audit), .. _agreement is null ? [] : AgreementSections.Of(_agreement)];

    /// <summary>A verdict in words.</summary>
    public static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.A => "A",
        Verdict.B => "B",
        Verdict.Tie => "tie",
        _ => "both bad",
    };

    private static string KeyOf(string name) => name.Replace(' ', '_');
}

/// <summary>What an audited file holds.</summary>
/// <param name="File">Its name.</param>
/// <param name="Rows">Battles.</param>
/// <param name="Problems">Rows that could not be read as they should.</param>
/// <param name="Test">True for data that will be predicted.</param>
public sealed record AuditedFileCounts(string File, int Rows, int Problems, bool Test);

/// <summary>The battles of a source.</summary>
/// <param name="Source">The source; null where the data does not say.</param>
/// <param name="License">The licence; null where the data does not say.</param>
/// <param name="Battles">How many they are.</param>
public sealed record AuditedSource(string? Source, string? License, int Battles);

/// <summary>How often one kind of side wins; see <see cref="ShareOfWins"/>.</summary>
/// <param name="Share">Its share of wins; 0.5 means no effect.</param>
/// <param name="Interval">95 % interval.</param>
/// <param name="Battles">Battles that somebody won.</param>
public sealed record WinShare(double Share, [property: JsonPropertyName("ci")] Interval Interval, int Battles)
{
    internal static WinShare Of(ShareOfWins share) => new(share.Share, share.Interval, share.Battles);
}

/// <summary>How battles end whose sides differ about as much in length; see <see cref="LengthBin"/>.</summary>
/// <param name="LogRatio">Mean of ln((length of A + 1) / (length of B + 1)).</param>
/// <param name="Battles">How many they are.</param>
/// <param name="A">Share that A won.</param>
/// <param name="B">Share that B won.</param>
/// <param name="Tie">Share of ties.</param>
public sealed record LengthCurvePoint(double LogRatio, int Battles, double A, double B, double Tie);

/// <summary>Two models that met.</summary>
/// <param name="Model">One model.</param>
/// <param name="Against">The other.</param>
/// <param name="Battles">Battles between them.</param>
/// <param name="WinRate">Wins of the first among those that somebody won.</param>
public sealed record AuditedPair(string Model, string Against, int Battles, double WinRate);
