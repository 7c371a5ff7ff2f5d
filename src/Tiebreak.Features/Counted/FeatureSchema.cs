namespace Tiebreak.Features.Counted;

/// <summary>
/// What the columns of a feature matrix are, and what a swap of A and B does to a row: changes of signs, so that the second order costs
/// nothing.
/// </summary>
internal sealed class FeatureSchema
{
    private readonly int[] _antisymmetric;

    /// <summary>Creates a schema.</summary>
    /// <param name="columns">The columns in their order, at least one.</param>
    public FeatureSchema(IReadOnlyList<FeatureColumn> columns)
    {
        Columns = columns;
        Names = [.. columns.Select(column => column.Name)];
        _antisymmetric = [.. Enumerable.Range(0, columns.Count).Where(k => columns[k].IsAntisymmetric)];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Writes the features of the swapped battle.</summary>
    /// <param name="row">The features of a battle.</param>
    /// <param name="swapped">Receives those of the same battle with A and B exchanged.</param>
    public void Swap(ReadOnlySpan<float> row, Span<float> swapped)
    {
        row.CopyTo(swapped);
        foreach (var k in _antisymmetric)
            swapped[k] = -swapped[k];
    }

    /// <summary>The name of a column as a person would say it: "long words, A against B".</summary>
    public string Describe(int column)
    {
        var name = Names[column].Replace('_', ' ');
        return name.StartsWith("diff ", StringComparison.Ordinal) ? name[5..] + ", A against B"
            : name.StartsWith("sum ", StringComparison.Ordinal) ? name[4..] + ", both together"
            : name.StartsWith("tie ", StringComparison.Ordinal) ? name[4..] + ", speaking of a tie"
            : name;
    }
}

/// <summary>One column of a feature matrix.</summary>
/// <param name="Name">Lower case, underscores, no spaces; different from all others.</param>
/// <param name="Group">The group that recipes switch on and off.</param>
/// <param name="IsAntisymmetric">True if the value changes its sign when A and B are exchanged; all others stay as they are.</param>
internal sealed record FeatureColumn(string Name, string Group, bool IsAntisymmetric);
