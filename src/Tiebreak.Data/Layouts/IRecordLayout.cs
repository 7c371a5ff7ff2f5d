using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The layout of a public data set: which columns tell it, and how a row becomes battles. Used on several threads at once.
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

    /// <summary>
    /// Reads a row, as far as it can be read; what is wrong goes to the builder. One battle, or one for every pair of responses where a
    /// row holds more than two, or none where the row is something else than a vote by intention, such as a chat in a server's log.
    /// </summary>
    IReadOnlyList<Battle> ReadAll(Record record, RowBuilder builder);
}

/// <summary>A layout in which a row is a battle.</summary>
internal interface IBattleLayout : IRecordLayout
{
    /// <summary>Reads a row, as far as it can be read; what is wrong goes to the builder.</summary>
    Battle Read(Record record, RowBuilder builder);

    IReadOnlyList<Battle> IRecordLayout.ReadAll(Record record, RowBuilder builder) => [Read(record, builder)];
}
