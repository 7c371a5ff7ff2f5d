namespace Tiebreak.Core.Licences;

/// <summary>What a part that a judge is made of says about its licence: weights, an adapter, rows of data.</summary>
/// <param name="Part">What it is: <c>model</c>, <c>adapter</c> or <c>data</c>.</param>
/// <param name="Name">Its name: that of the model's folder, or the source of the rows; null where nothing names it.</param>
/// <param name="Licence">The licence in its publisher's words; null where its files do not say.</param>
internal sealed record LicenceStatement(string Part, string? Name, string? Licence)
{
    /// <summary>The models that it was made of, as its files name them; null where they do not say.</summary>
    public IReadOnlyList<string>? Bases { get; init; }

    /// <summary>How many battles are under it; null for weights.</summary>
    public int? Battles { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Part} {Name ?? "without a name"} ({Licence ?? "licence not said"})";
}
