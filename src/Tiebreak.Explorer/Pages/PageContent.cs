using System.Text.Json;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>What one address answers: a page for people, and the same as data.</summary>
/// <param name="Title">The heading of the page.</param>
/// <param name="Body">Makes what stands below the heading.</param>
internal sealed record PageContent(string Title, Func<Html> Body)
{
    /// <summary>Writes the data behind the page, for the address with <c>.json</c>.</summary>
    public required Action<Utf8JsonWriter> WriteJson { get; init; }

    /// <summary>The page's table, for the address with <c>.csv</c>; null where there is none.</summary>
    public TextTable? Table { get; init; }

    /// <summary>Whether there will soon be more to show: the page's script then asks for it again and again.</summary>
    public bool Changes { get; init; }

    /// <summary>Whether the title is shown as heading too.</summary>
    public bool HasHeading { get; init; } = true;
}
