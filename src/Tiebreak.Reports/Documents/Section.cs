using Tiebreak.Reports.Pages;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Reports.Documents;

/// <summary>A part of a document.</summary>
public abstract record Section
{
    /// <summary>Where it is shown.</summary>
    public Medium On { get; init; }
}

/// <summary>A heading over what follows. Terminals leave it out: their tables have titles.</summary>
/// <param name="Text">The heading.</param>
public sealed record Heading(string Text) : Section;

/// <summary>Sentences.</summary>
/// <param name="Text">The sentences, without line ends.</param>
public sealed record Paragraph(string Text) : Section;

/// <summary>Plots beside each other, where there is room. Terminals leave them out.</summary>
/// <param name="Plots">One or more.</param>
public sealed record PlotRow(params IReadOnlyList<IPlot> Plots) : Section;

/// <summary>A battle with both sides beside each other. Terminals leave it out.</summary>
/// <param name="Panel">The battle and what there is to say about it.</param>
public sealed record BattleSection(BattlePanel Panel) : Section;

/// <summary>Where a section of a document is shown.</summary>
public enum Medium
{
    /// <summary>On every medium that can show it.</summary>
    Any,

    /// <summary>On terminals only.</summary>
    Terminal,

    /// <summary>On pages only.</summary>
    Page,
}
