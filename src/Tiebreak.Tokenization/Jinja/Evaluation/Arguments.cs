using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>What a function, filter or test is called with.</summary>
/// <param name="Positional">Arguments by position.</param>
/// <param name="Named">Arguments by name.</param>
internal sealed record Arguments(IReadOnlyList<Value> Positional, IReadOnlyList<(string Name, Value Value)> Named)
{
    public static Arguments None { get; } = new([], []);

    /// <summary>The arguments in the order of a function's parameters; null where one is not given.</summary>
    /// <param name="function">The function, for messages.</param>
    /// <param name="parameters">Names of the parameters; "?" at the end of a name: it may be left out.</param>
    /// <exception cref="JinjaException">There are too many, too few, or others.</exception>
    public Value?[] Bind(string function, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Count > parameters.Length)
            throw new JinjaException($"\"{function}\" takes at most {parameters.Length} arguments, not {Positional.Count}.");
        var bound = new Value?[parameters.Length];
        for (var i = 0; i < Positional.Count; i++)
            bound[i] = Positional[i];
        foreach (var (name, value) in Named)
        {
            var index = parameters.IndexOf(name) is var required and >= 0 ? required : parameters.IndexOf(name + "?");
            if (index < 0)
                throw new JinjaException($"\"{function}\" has no argument \"{name}\".");
            if (bound[index] is not null)
                throw new JinjaException($"\"{function}\" gets the argument \"{name}\" twice.");
            bound[index] = value;
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (bound[i] is null && !parameters[i].EndsWith('?'))
                throw new JinjaException($"\"{function}\" needs the argument \"{parameters[i]}\".");
        }

        return bound;
    }

    /// <summary>Without the first so many positional arguments.</summary>
    public Arguments Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };
}
