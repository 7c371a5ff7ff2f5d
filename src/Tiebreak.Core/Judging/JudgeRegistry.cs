using Tiebreak.Core.Ensembles;

namespace Tiebreak.Core.Judging;

/// <summary>
/// The judge kinds that this program carries. Those that consist of other judges (<c>blend</c>, <c>cascade</c>, <c>stack</c> with
/// <c>linear</c>) are always among them.
/// </summary>
/// <param name="formats">One format for each kind.</param>
public sealed class JudgeRegistry(IEnumerable<IJudgeFormat> formats)
{
    private readonly Dictionary<string, IJudgeFormat> _formats = formats.Concat(EnsembleFormat.All)
        .ToDictionary(format => format.Kind, StringComparer.Ordinal);

    /// <summary>The names of the kinds, in alphabetical order.</summary>
    public IReadOnlyList<string> Kinds => [.. _formats.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The format of a kind.</summary>
    /// <exception cref="InputException">This program does not carry that kind.</exception>
    public IJudgeFormat this[string kind] => _formats.TryGetValue(kind, out var format)
        ? format
        : throw new InputException($"This program has no judges of kind \"{kind}\"; it has {string.Join(", ", Kinds)}.");
}
