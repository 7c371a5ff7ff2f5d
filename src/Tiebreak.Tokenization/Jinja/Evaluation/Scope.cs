using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>
/// The variables of a block. A block reads those around it and sets only its own, so that a <c>set</c> in a loop does not leave the
/// iteration.
/// </summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Scope? _outer = outer;
    private readonly Dictionary<string, Value> _variables = new(StringComparer.Ordinal);

    public void Set(string name, Value value) => _variables[name] = value;

    public Value? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._variables.TryGetValue(name, out var value))
                return value;
        }

        return null;
    }
}
