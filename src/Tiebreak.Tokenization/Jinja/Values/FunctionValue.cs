using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>A function or a method.</summary>
/// <param name="call">What it does.</param>
internal sealed class FunctionValue(Func<Rendering, Arguments, Value> call) : Value
{
    public override string TypeName => "function";

    /// <summary>A function that Python or Jinja has and Tiebreak lacks: it can be asked for, and calling it is an error.</summary>
    /// <param name="what">What it is, for the message.</param>
    public static FunctionValue Unsupported(string what) => new((_, _) => throw JinjaException.Unsupported(what));

    public override Value Call(Rendering rendering, Arguments arguments) => call(rendering, arguments);
}
