using Tiebreak.Tokenization.Jinja.Syntax;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>Runs statements.</summary>
internal sealed class Executor(Rendering rendering)
{
    private Meter Meter => rendering.Meter;

    public Flow Execute(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements)
        {
            Meter.Enter();
            rendering.Line = statement.Line;
            var flow = Execute(statement);
            Meter.Leave();
            if (flow is not Flow.Next)
                return flow;
        }

        return Flow.Next;
    }

    private Flow Execute(Statement statement)
    {
        switch (statement)
        {
            case TextOutput output:
                rendering.Output.Write(output.Text);
                return Flow.Next;
            case ValueOutput output:
                rendering.Output.Write(rendering.TextOf(rendering.Evaluate(output.Value)));
                return Flow.Next;
            case If branches:
                return Execute(branches);
            case For loop:
                return Execute(loop);
            case Break:
                return Flow.Break;
            case Continue:
                return Flow.Continue;
            case Set set:
                Assign(set.Target, rendering.Evaluate(set.Value));
                return Flow.Next;
            case Capture capture:
                return Execute(capture);
            case MacroDefinition definition:
                rendering.Scope.Set(definition.Macro.Name, new MacroValue(definition.Macro, rendering.Scope));
                return Flow.Next;
            case CallBlock block:
                Execute(block);
                return Flow.Next;
            case ScopedBlock block:
                return Execute(block);
            default:
                throw new InvalidOperationException($"{statement.GetType()} cannot be executed.");
        }
    }

    private Flow Execute(If branches)
    {
        foreach (var (condition, body) in branches.Branches)
        {
            if (rendering.Evaluate(condition).IsTrue)
                return rendering.Execute(body);
        }

        return rendering.Execute(branches.Else);
    }

    private Flow Execute(For loop)
    {
        var items = rendering.Evaluate(loop.Items);
        return new LoopRun(loop, rendering.Scope, Assign).Run(rendering, items, depth: 0);
    }

    private Flow Execute(Capture capture)
    {
        var (text, flow) = rendering.Inside(rendering.Scope, () => rendering.Capture(() => rendering.Execute(capture.Body)));
        if (flow is not Flow.Next)
            return flow;
        Value value = new StringValue(text);
        foreach (var filter in capture.Filters)
            value = rendering.Filter(value, filter.Name, rendering.Evaluate(filter.Arguments));
        if (capture.Target is { } target)
            Assign(target, value);
        else
            rendering.Output.Write(rendering.TextOf(value));
        return Flow.Next;
    }

    private void Execute(CallBlock block)
    {
        var macro = rendering.Evaluate(block.Call.Function);
        var arguments = rendering.Evaluate(block.Call.Arguments);
        var caller = new MacroValue(block.Caller, rendering.Scope);
        var text = macro.Call(rendering, arguments with { Named = [.. arguments.Named, ("caller", caller)] });
        rendering.Output.Write(rendering.TextOf(text));
    }

    private Flow Execute(ScopedBlock block)
    {
        Value[] values = [.. block.Variables.Select(variable => rendering.Evaluate(variable.Value))];
        return rendering.Inside(rendering.Scope, () =>
        {
            foreach (var (variable, value) in block.Variables.Zip(values))
                Assign(variable.Target, value);
            return rendering.Execute(block.Body);
        });
    }

    private void Assign(Target target, Value value)
    {
        switch (target)
        {
            case VariableTarget variable:
                rendering.Scope.Set(variable.Name, value);
                break;
            case AttributeTarget attribute:
                var attributes = rendering.Variable(attribute.Namespace) as NamespaceValue
                    ?? throw new JinjaException($"\"{attribute.Namespace}\" is no namespace, so that no attribute of it can be set.");
                attributes.Set(attribute.Attribute, value, Meter);
                break;
            case TupleTarget several:
                var values = rendering.List(value);
                if (values.Count != several.Targets.Count)
                    throw new JinjaException($"{values.Count} values cannot be assigned to {several.Targets.Count} names.");
                foreach (var (part, its) in several.Targets.Zip(values))
                    Assign(part, its);
                break;
            default:
                throw new InvalidOperationException($"{target.GetType()} cannot be assigned to.");
        }
    }
}

/// <summary>How a loop goes on behind statements.</summary>
internal enum Flow
{
    Next,
    Continue,
    Break,
}
