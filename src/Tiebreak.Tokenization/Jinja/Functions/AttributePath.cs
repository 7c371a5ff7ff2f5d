using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>
/// What filters such as <c>map(attribute="a.0.b")</c> look up in each item: keys, attributes and numbers with dots between them.
/// </summary>
/// <param name="Parts">The parts; none: the item itself.</param>
internal sealed record AttributePath(IReadOnlyList<Value> Parts)
{
    /// <summary>The path that an argument names; null or None: the item itself.</summary>
    public static AttributePath Of(Value? attribute) => attribute switch
    {
        null or NoneValue => new AttributePath([]),
        StringValue { Text.Length: > JinjaLimits.PathCharacters } => throw new JinjaException("A path of attributes is too long."),
        StringValue text => new AttributePath([.. text.Text.Split('.').Select(Part)]),
        _ => new AttributePath([attribute]),
    };

    /// <summary>What an item has there.</summary>
    /// <param name="rendering">The rendering.</param>
    /// <param name="item">The item.</param>
    /// <param name="absent">Stands in for a part that is not there; null: an undefined value.</param>
    public Value Get(Rendering rendering, Value item, Value? absent = null)
    {
        foreach (var part in Parts)
        {
            rendering.Meter.Step();
            item = rendering.Item(item, part);
            if (item is UndefinedValue && absent is not null and not NoneValue)
                item = absent;
        }

        return item;
    }

    /// <summary>The paths that an argument with commas names.</summary>
    public static IReadOnlyList<AttributePath> AllOf(Value? attribute) =>
        attribute is StringValue { Text.Length: <= JinjaLimits.PathCharacters } names
        ? [.. names.Text.Split(',').Select(name => Of(new StringValue(name)))]
        : [Of(attribute)];

    private static Value Part(string text) => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit)
        ? IntegerValue.Of(BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture))
        : new StringValue(text);
}
