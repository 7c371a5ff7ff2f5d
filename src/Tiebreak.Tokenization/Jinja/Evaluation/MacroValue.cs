using Tiebreak.Tokenization.Jinja.Syntax;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>A macro that can be called; it sees the variables around its definition.</summary>
internal sealed class MacroValue(Macro macro, Scope scope) : Value
{
    public override string TypeName => "Macro";

    public override Value Call(Rendering rendering, Arguments arguments) => new StringValue(rendering.Inside(scope, () =>
    {
        Bind(rendering, arguments);
        return rendering.Capture(() => rendering.Execute(macro.Body)).Text;
    }));

    public override void WriteRepr(TextSink sink, Meter meter)
    {
        sink.Write("<Macro ");
        new StringValue(macro.Name).WriteRepr(sink, meter);
        sink.Write(">");
    }

    private void Bind(Rendering rendering, Arguments arguments)
    {
        var named = arguments.Named.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);
        for (var i = 0; i < macro.Parameters.Count; i++)
        {
            var (name, expression) = macro.Parameters[i];
            Value? value = null;
            if (i < arguments.Positional.Count)
                value = arguments.Positional[i];
            else
                named.Remove(name, out value);
            value ??= expression is null ? new UndefinedValue($"The parameter \"{name}\" was not given.") : rendering.Evaluate(expression);
            rendering.Scope.Set(name, value);
        }

        if (macro.Uses.Contains("caller") && !macro.Parameters.Any(parameter => parameter.Name is "caller"))
        {
            named.Remove("caller", out var caller);
            rendering.Scope.Set("caller", caller ?? new UndefinedValue("The macro was not called by a call block."));
        }

        if (macro.Uses.Contains("kwargs"))
        {
            var rest = named.Select(argument => ((Value)new StringValue(argument.Key), argument.Value));
            rendering.Scope.Set("kwargs", DictValue.Of(rest, rendering.Meter));
        }
        else if (named.Count > 0)
        {
            throw new JinjaException($"The macro \"{macro.Name}\" has no parameter \"{named.Keys.First()}\".");
        }

        if (macro.Uses.Contains("varargs"))
            rendering.Scope.Set("varargs", ListValue.Tuple([.. arguments.Positional.Skip(macro.Parameters.Count)]));
        else if (arguments.Positional.Count > macro.Parameters.Count)
            throw new JinjaException($"The macro \"{macro.Name}\" takes at most {macro.Parameters.Count} arguments.");
    }
}
