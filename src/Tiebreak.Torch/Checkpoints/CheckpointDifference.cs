using Tiebreak.Core;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>How a checkpoint differs from what a model needs.</summary>
/// <param name="Missing">Names that the model needs and the files lack.</param>
/// <param name="Unused">Names in the files that the model does not need.</param>
/// <param name="Misshaped">Tensors of another shape, each with both shapes.</param>
internal sealed record CheckpointDifference(IReadOnlyList<string> Missing, IReadOnlyList<string> Unused, IReadOnlyList<string> Misshaped)
{
    private const int Shown = 8;

    /// <summary>True if the model cannot be filled from the files.</summary>
    public bool IsFatal => Missing.Count > 0 || Misshaped.Count > 0;

    /// <summary>Compares tensors with those that a model needs.</summary>
    /// <param name="entries">The tensors of a checkpoint, in the order in which differences are to be named.</param>
    /// <param name="needed">Names and shapes.</param>
    public static CheckpointDifference Between(
        IReadOnlyCollection<TensorEntry> entries, IReadOnlyDictionary<string, IReadOnlyList<long>> needed)
    {
        var names = entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        return new CheckpointDifference(
            [.. needed.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)],
            [.. entries.Select(entry => entry.Name).Where(name => !needed.ContainsKey(name))],
            [.. entries.Where(entry => needed.TryGetValue(entry.Name, out var shape) && !entry.Shape.SequenceEqual(shape))
                .Select(entry =>
                    $"{entry.Name} [{string.Join(", ", entry.Shape)}] where [{string.Join(", ", needed[entry.Name])}] is needed")]);
    }

    /// <summary>Refuses a checkpoint that lacks something or has it in another shape.</summary>
    /// <param name="place">The checkpoint, for the message.</param>
    /// <exception cref="InputException">Names every kind of difference.</exception>
    public void ThrowIfFatal(string place)
    {
        if (IsFatal)
            throw new InputException($"{place} does not fit the model that its config describes: {this}.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        "; ",
        new[] { List("missing", Missing), List("of another shape", Misshaped), List("unused", Unused) }.Where(part => part.Length > 0));

    private static string List(string what, IReadOnlyList<string> names) => names.Count == 0
        ? ""
        : $"{names.Count} {what}: {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? ", ..." : "")}";
}
