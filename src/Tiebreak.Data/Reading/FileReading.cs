using System.Collections.Concurrent;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading;

/// <summary>What the parsers of one file share: how it is read, and what is worth saying about it besides the problems of rows.</summary>
/// <param name="path">The file as the caller named it.</param>
/// <param name="options">How it is read.</param>
/// <param name="known">The columns that its reader knows; null for those of all layouts.</param>
internal sealed class FileReading(string path, BattleReadOptions options, KnownColumns? known = null)
{
    private readonly ConcurrentDictionary<string, string> _notices = new(StringComparer.Ordinal);

    private IReadOnlyCollection<string> _columns = [];

    public string Path => path;

    public BattleReadOptions Options => options;

    public BattlePurpose Purpose => options.Purpose;

    /// <summary>What words for winners mean, where the user has said so.</summary>
    public IReadOnlyDictionary<string, Verdict>? WinnerWords => options.Mapping?.Winners;

    /// <summary>
    /// False where the user has named the column that says who won: a label of 0 or 1 is A's score in one set and in another the place of
    /// the better response. In a column that is called winner or score it is A's score.
    /// </summary>
    public bool NumbersAreScores { get; } = options.Mapping?.Columns.GetValueOrDefault("winner") is not { } column
        || ColumnMap.Spelling(ColumnPath.LastKey(column)) is var spelling
            && (spelling is "WINNER" || spelling.Contains("SCORE", StringComparison.Ordinal));

    /// <summary>What its columns are called here.</summary>
    public ColumnMap Columns { get; private set; } = new();

    /// <summary>Which rows are read; null for all.</summary>
    public RowFilter? Filter { get; private set; }

    /// <summary>Columns that are not read.</summary>
    public IReadOnlyList<string> Unused { get; private set; } = [];

    /// <summary>One sentence for each kind of notice.</summary>
    public IEnumerable<string> Notices => _notices.OrderBy(notice => notice.Key, StringComparer.Ordinal).Select(notice => notice.Value);

    /// <summary>Says what the columns of the file are, before rows are parsed.</summary>
    /// <param name="columns">The columns, or the keys of the first rows.</param>
    /// <param name="areAll">False where later rows may have others.</param>
    /// <exception cref="Core.InputException">Rows are to be chosen by a column that the file has not.</exception>
    public void Know(IReadOnlyCollection<string> columns, bool areAll = true)
    {
        _columns = columns;
        Columns = new ColumnMap(columns, options.Mapping, known ?? RecordLayouts.Columns);
        foreach (var (name, column) in options.Mapping?.Columns ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (ColumnMap.Find(columns, column) is null && ColumnPath.Parse(name, column, columns) is null
                && !columns.Contains(name, StringComparer.Ordinal))
            {
                Note($"mapping {name}", areAll
                    ? $"has no column \"{column}\" for {name}."
                    : $"has no key \"{column}\" for {name} in its first rows.");
            }
        }

        Filter = RowFilter.Of(path, columns, areAll, options.Purpose == BattlePurpose.Test ? [] : options.Where);
    }

    /// <summary>Ends the reading when all rows have been parsed.</summary>
    /// <exception cref="Core.InputException">Rows were to be chosen by a column that no row has.</exception>
    public void Finish() => Filter?.ThrowIfUnseen(path, _columns);

    /// <summary>Says which columns are not read; nothing of columns without a name, such as an index.</summary>
    /// <param name="read">The columns that are read.</param>
    public void NoteUnused(IReadOnlyCollection<string> read)
    {
        var unused = _columns.Where(column => column.Length > 0 && !column.StartsWith("Unnamed:", StringComparison.Ordinal)
            && !read.Contains(Columns[column], StringComparer.Ordinal) && !Columns.IsEntered(column)
            && Filter?.Has(column) is not true).ToList();
        Unused = unused;
        if (unused.Count > 0)
            Note("columns", $"not used: {ColumnNames.List(unused)}.");
    }

    /// <summary>Says something about the file, once for each kind.</summary>
    /// <param name="kind">What is said, for the order of notices.</param>
    /// <param name="sentence">The sentence of the first that says it, without the file.</param>
    public void Note(string kind, string sentence) => _notices.TryAdd(kind, $"{path}: {sentence}");
}
