using Tiebreak.Core.Battles;
using Tiebreak.Data.PublicSets;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>Makes rows of the records of one file. Used on several threads at once.</summary>
internal sealed class LayoutReader(IRecordLayout layout)
{
    private readonly NamePool _names = new();
    private readonly HashSet<string> _columns = layout.Columns.ToHashSet(StringComparer.Ordinal);

    /// <summary>The columns that the layout reads.</summary>
    public IReadOnlySet<string> Columns => _columns;

    /// <summary>
    /// Makes the rows of a record; the builder may already hold problems. A record that is kept out is one row, however many battles it
    /// would have made.
    /// </summary>
    public void Read(long line, Dictionary<string, object?> values, RowBuilder builder, List<BattleRow> rows)
    {
        var first = rows.Count;
        foreach (var battle in layout.ReadAll(new Record(values, builder), builder))
        {
            var row = builder.Finish(line, Pooled(battle));
            if (row.Battle is not null || rows.Count == first || rows[^1].Battle is not null)
                rows.Add(row);
        }

        if (rows.Count == first && builder.HasProblem)
            rows.Add(builder.Reject(line));
    }

    /// <summary>The battle with one string for all its kind of model, language, source and tag.</summary>
    private Battle Pooled(Battle battle) => battle with
    {
        Id = battle.Id.Trim(),
        ModelA = _names.Get(battle.ModelA),
        ModelB = _names.Get(battle.ModelB),
        Language = _names.Get(battle.Language),
        AnnotatorIds = battle.AnnotatorIds is { Count: > 0 } ids ? [.. ids.Select(id => _names.Get(id) ?? "")] : null,
        Tags = battle.Tags is { Count: > 0 } tags ? [.. tags.Select(_names.Get).OfType<string>()] : null,
        Source = _names.Get(battle.Source),
        License = battle.License is { } license ? _names.Get(license) : PublicSetList.LicenseOf(battle.Source),
    };
}
