using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>
/// What filters such as <c>map</c> give: items that are computed when they are asked for, and only once. It is true even where it is empty,
/// and has no length.
/// </summary>
internal sealed class IteratorValue(IEnumerable<Value> items) : Value
{
    private readonly IEnumerator<Value> _items = items.GetEnumerator();

    public override string TypeName => "generator";

    public override IEnumerable<Value> Items(Meter meter)
    {
        while (Next(meter) is { } item)
            yield return item;
    }

    // Iterators over iterators recurse: each level counts.
    private Value? Next(Meter meter)
    {
        meter.Enter();
        var item = _items.MoveNext() ? _items.Current : null;
        meter.Leave();
        return item;
    }
}
