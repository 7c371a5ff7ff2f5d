using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Filters that ask each item of a sequence: <c>map</c>, <c>select</c>, <c>selectattr</c> and their opposites.</summary>
internal static class SelectionFilters
{
    /// <summary>An attribute of each item, or what another filter makes of it.</summary>
    public static Value Map(Rendering rendering, Value value, Arguments arguments)
    {
        if (!value.IsTrue)
            return new IteratorValue([]);
        if (arguments.Positional.Count == 0 && arguments.Named.Any(argument => argument.Name is "attribute"))
        {
            var bound = arguments.Bind("map", "attribute", "default?");
            var path = AttributePath.Of(bound[0]);
            return new IteratorValue(rendering.Items(value).Select(item => path.Get(rendering, item, bound[1])));
        }

        if (arguments.Positional is not [StringValue name, ..])
            throw new JinjaException("\"map\" needs the name of a filter, or attribute=...");
        var rest = arguments.Skip(1);
        return new IteratorValue(rendering.Items(value).Select(item => rendering.Filter(item, name.Text, rest)));
    }

    public static Value Select(Rendering rendering, Value value, Arguments arguments) =>
        Choose(rendering, value, new AttributePath([]), arguments, isWanted: true);

    public static Value Reject(Rendering rendering, Value value, Arguments arguments) =>
        Choose(rendering, value, new AttributePath([]), arguments, isWanted: false);

    public static Value SelectByAttribute(Rendering rendering, Value value, Arguments arguments) =>
        ChooseByAttribute(rendering, value, arguments, isWanted: true);

    public static Value RejectByAttribute(Rendering rendering, Value value, Arguments arguments) =>
        ChooseByAttribute(rendering, value, arguments, isWanted: false);

    private static IteratorValue ChooseByAttribute(Rendering rendering, Value value, Arguments arguments, bool isWanted) =>
        !value.IsTrue || arguments.Positional.Count > 0
            ? Choose(rendering, value, PathOf(arguments), arguments.Skip(1), isWanted)
            : throw new JinjaException("\"selectattr\" and \"rejectattr\" need the name of an attribute.");

    private static AttributePath PathOf(Arguments arguments) =>
        AttributePath.Of(arguments.Positional.Count > 0 ? arguments.Positional[0] : null);

    private static IteratorValue Choose(Rendering rendering, Value value, AttributePath path, Arguments arguments, bool isWanted)
    {
        if (!value.IsTrue)
            return new IteratorValue([]);
        Func<Value, bool> holds = item => item.IsTrue;
        if (arguments.Positional is [var first, ..])
        {
            var (name, rest) = (rendering.TextOf(first), arguments.Skip(1));
            holds = item => rendering.Test(item, name, rest);
        }

        return new IteratorValue(rendering.Items(value).Where(item => holds(path.Get(rendering, item)) == isWanted));
    }
}
