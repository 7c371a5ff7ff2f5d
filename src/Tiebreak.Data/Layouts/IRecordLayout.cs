using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The layout of a public data set: which columns tell it, and how a row becomes a battle. Used on several threads at once.
/// </summary>
internal interface IRecordLayout
{
    /// <summary>What messages call it.</summary>
    string Name => GetType().Name[..^"Layout".Length];

    /// <summary>The columns that are read; others are skipped.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>True where a file has no ids of its own: they are made from the content, and equal rows are numbered.</summary>
    bool MakesIds(IReadOnlySet<string> names);

    /// <summary>True if a file (or its first row) with these columns has this layout.</summary>
    bool Matches(IReadOnlySet<string> names);

    /// <summary>Reads a row, as far as it can be read; what is wrong goes to the builder.</summary>
    Battle Read(Record record, RowBuilder builder);
}
