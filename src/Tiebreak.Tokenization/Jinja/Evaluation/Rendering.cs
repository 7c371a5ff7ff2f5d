using Tiebreak.Tokenization.Jinja.Functions;
using Tiebreak.Tokenization.Jinja.Syntax;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>One rendering of a template: its variables, what it has written so far, and what it may still do.</summary>
internal sealed class Rendering
{
    private readonly Evaluator _evaluator;
    private readonly Executor _executor;

    /// <param name="meter">What the rendering may do.</param>
    /// <param name="variables">The variables that the template is given.</param>
    /// <param name="now">The time that <c>strftime_now</c> tells.</param>
    public Rendering(Meter meter, IEnumerable<(string Name, Value Value)> variables, DateTime now)
    {
        (Meter, Now) = (meter, now);
        (_evaluator, _executor) = (new Evaluator(this), new Executor(this));
        Output = new TextSink(meter);
        foreach (var (name, value) in variables)
            Scope.Set(name, value);
    }

    public Meter Meter { get; }

    public DateTime Now { get; }

    /// <summary>Takes what is written.</summary>
    public TextSink Output { get; private set; }

    public Scope Scope { get; private set; } = new(outer: null);

    /// <summary>The line that is worked on, for messages.</summary>
    public int Line { get; set; }

    public Value Evaluate(Expression expression) => _evaluator.Evaluate(expression);

    public Arguments Evaluate(CallArguments arguments) => _evaluator.Evaluate(arguments);

    public Flow Execute(IReadOnlyList<Statement> statements) => _executor.Execute(statements);

    /// <summary>A variable, or what stands for one that is not there.</summary>
    public Value Variable(string name) => Scope.Find(name) ?? Globals.Find(name) ?? UndefinedValue.Variable(name);

    /// <summary>Applies a filter.</summary>
    public Value Filter(Value value, string name, Arguments arguments) =>
        (Filters.Find(name) ?? throw Filters.Missing(name))(this, value, arguments);

    /// <summary>Asks a test.</summary>
    public bool Test(Value value, string name, Arguments arguments) =>
        (Tests.Find(name) ?? throw Tests.Missing(name))(this, value, arguments);

    /// <summary>What <c>str</c> makes of a value; an undefined one is an empty text.</summary>
    public string TextOf(Value value)
    {
        switch (value)
        {
            case StringValue text:
                return text.Text;
            case UndefinedValue:
                return "";
            default:
                var sink = new TextSink(Meter);
                value.WriteRepr(sink, Meter);
                return sink.ToString();
        }
    }

    /// <summary>A value as a text value: texts stay what they are.</summary>
    public StringValue StringOf(Value value) => value as StringValue ?? new StringValue(TextOf(value));

    /// <summary>What a loop over a value gives.</summary>
    /// <exception cref="JinjaException">It cannot be looped over.</exception>
    public IEnumerable<Value> Items(Value value) =>
        value.Items(Meter) ?? throw new JinjaException($"A value of type {value.TypeName} has no items to loop over.");

    /// <summary>The items of a value as a list of its own.</summary>
    public List<Value> List(Value value)
    {
        var list = new List<Value>();
        foreach (var item in Items(value))
        {
            Meter.CreateItems(1);
            list.Add(item);
        }

        return list;
    }

    /// <summary><c>value.name</c>: the attribute, else the item.</summary>
    public Value Attribute(Value value, string name) =>
        value.Attribute(name) ?? value.Item(new StringValue(name), Meter) ?? Missing(value, new StringValue(name));

    /// <summary><c>value[key]</c>: the item, else the attribute.</summary>
    public Value Item(Value value, Value key) =>
        value.Item(key, Meter) ?? (key is StringValue name ? value.Attribute(name.Text) : null) ?? Missing(value, key);

    /// <summary>Runs something with variables of its own.</summary>
    /// <param name="outer">The variables that it sees around its own.</param>
    /// <param name="run">What to run.</param>
    public T Inside<T>(Scope outer, Func<T> run)
    {
        var before = Scope;
        Scope = new Scope(outer);
        var result = run();
        Scope = before;
        return result;
    }

    /// <summary>What is written while something runs, as a text; with it comes what the running gave.</summary>
    public (string Text, T Result) Capture<T>(Func<T> run)
    {
        var before = Output;
        Output = new TextSink(Meter);
        var result = run();
        var text = Output.ToString();
        Output = before;
        return (text, result);
    }

    private UndefinedValue Missing(Value value, Value key) => new(
        $"A value of type {value.TypeName} has no {(key is StringValue ? "attribute" : "item")} {Shorten(TextOf(key))}.");

    private static string Shorten(string key) => key.Length <= 40 ? $"\"{key}\"" : $"\"{key[..40]}...\"";
}
