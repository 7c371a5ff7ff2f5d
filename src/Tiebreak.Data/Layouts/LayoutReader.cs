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

    /// <summary>Makes a row; the builder may already hold problems.</summary>
    public BattleRow Read(long line, Dictionary<string, object?> values, RowBuilder builder)
    {
        var battle = layout.Read(new Record(values, builder), builder);
        return builder.Finish(line, battle with
        {
            Id = battle.Id.Trim(),
            ModelA = _names.Get(battle.ModelA),
            ModelB = _names.Get(battle.ModelB),
            Language = _names.Get(battle.Language),
            Source = _names.Get(battle.Source),
            License = battle.License is { } license ? _names.Get(license) : PublicSetList.LicenseOf(battle.Source),
        });
    }
}
