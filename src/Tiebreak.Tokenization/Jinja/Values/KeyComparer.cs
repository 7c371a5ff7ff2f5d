using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>Keys of dictionaries: 1, 1.0 and True are one key; lists and dictionaries cannot be keys.</summary>
internal sealed class KeyComparer(Meter meter) : IEqualityComparer<Value>
{
    /// <summary>Whether a value may be a key, as everything may that cannot change.</summary>
    public static bool CanBeKey(Value value, Meter meter)
    {
        meter.Enter();
        var can = value switch
        {
            ListValue { IsTuple: true } tuple => tuple.Entries.All(entry => CanBeKey(entry, meter)),
            ListValue or DictValue or DictViewValue { TypeName: not "dict_values" } => false,
            _ => true,
        };
        meter.Leave();
        return can;
    }

    public bool Equals(Value? x, Value? y) => Comparison.AreEqual(x!, y!, meter);

    public int GetHashCode(Value value) => CanBeKey(value, meter)
        ? Hash(value, meter)
        : throw new JinjaException($"A value of type {value.TypeName} cannot be a key.");

    private static int Hash(Value value, Meter meter)
    {
        meter.Scan((value as StringValue)?.Text ?? "");
        return value switch
        {
            StringValue text => string.GetHashCode(text.Text, StringComparison.Ordinal),
            BooleanValue or IntegerValue or FloatValue => HashCode.Combine(Arithmetic.DoubleOf(value)),
            ListValue tuple => tuple.Entries.Aggregate(17, (hash, entry) => HashCode.Combine(hash, Hash(entry, meter))),
            _ => 0, // functions and the like, which nobody uses as keys
        };
    }
}
