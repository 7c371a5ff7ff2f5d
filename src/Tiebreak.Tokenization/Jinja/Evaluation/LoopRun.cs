using Tiebreak.Tokenization.Jinja.Syntax;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>Runs a <c>for</c>; a recursive one runs itself again for the items that its body calls <c>loop</c> with.</summary>
/// <param name="loop">The loop.</param>
/// <param name="scope">The variables around it.</param>
/// <param name="assign">Assigns an item.</param>
internal sealed class LoopRun(For loop, Scope scope, Action<Target, Value> assign)
{
    /// <param name="rendering">The rendering.</param>
    /// <param name="collection">What is looped over.</param>
    /// <param name="depth">How many runs of the loop are around this one.</param>
    public Flow Run(Rendering rendering, Value collection, int depth)
    {
        var items = Chosen(rendering, collection);
        var position = new LoopValue(items, depth, loop.IsRecursive ? inner => RunInside(rendering, inner, depth + 1) : null);
        var hasFinished = false;
        for (; position.Index < items.Count; position.Index++)
        {
            var flow = rendering.Inside(scope, () =>
            {
                rendering.Scope.Set("loop", position);
                assign(loop.Target, items[position.Index]);
                return rendering.Execute(loop.Body);
            });
            hasFinished |= flow is Flow.Next;
            if (flow is Flow.Break)
                break;
        }

        // As in Jinja, "else" also runs where no run of the body came to its end.
        return hasFinished ? Flow.Next : rendering.Inside(scope, () => rendering.Execute(loop.Else));
    }

    private StringValue RunInside(Rendering rendering, Value collection, int depth) =>
        new(rendering.Capture(() => Run(rendering, collection, depth)).Text);

    private List<Value> Chosen(Rendering rendering, Value collection)
    {
        var items = rendering.List(collection);
        if (loop.Condition is { } condition)
        {
            items.RemoveAll(item => !rendering.Inside(scope, () =>
            {
                assign(loop.Target, item);
                return rendering.Evaluate(condition).IsTrue;
            }));
        }

        return items;
    }
}
