using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ensembles;

/// <summary>A judge that was made of others.</summary>
public sealed class EnsembleDocument : IDocument
{
    private readonly MemberAnswers _answers;

    internal EnsembleDocument(string bundle, string kind, MemberAnswers answers, IReadOnlyList<EnsembleMember> members) =>
        (Bundle, Kind, _answers, Members) = (bundle, kind, answers, members);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"{Kind} of {Quantity.Of(Members.Count, "judge")}";

    /// <summary>Folder of the bundle.</summary>
    public string Bundle { get; }

    /// <summary>The judge kind: <c>blend</c>, <c>cascade</c> or <c>stack</c>.</summary>
    public string Kind { get; }

    /// <summary>Labelled battles that it was fitted to.</summary>
    public int Rows => _answers.Labelled.Count;

    /// <summary>Labelled battles that were left out, because a judge has seen them or an out-of-fold file lacks them.</summary>
    public int LeftOut => _answers.LeftOut;

    /// <summary>The judges.</summary>
    public IReadOnlyList<EnsembleMember> Members { get; }

    /// <summary>What they bring together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EnsembleReport? Report { get; init; }

    /// <summary>What a cascade saves and costs; null for other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CascadeReport? Cascade { get; init; }

    /// <summary>How the members became one, as a sentence.</summary>
    [JsonIgnore]
    public string How { get; init; } = "";

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph($"Fitted to {Quantity.Of(Rows, "labelled battle")} that the judges have not learned from"
            + (LeftOut > 0 ? $"; {Quantity.Of(LeftOut, "other was", "others were")} left out." : "."));
        foreach (var section in EnsembleMember.Sections(Members))
            yield return section;
        yield return new Paragraph(How);
        foreach (var section in (Report?.Sections(_answers.Names) ?? []).Concat(Cascade?.Sections() ?? []))
            yield return section;
        yield return new Paragraph($"Wrote {Bundle}.");
    }
}
