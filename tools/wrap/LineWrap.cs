using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wrap;

/// <summary>Wraps one line of code: the cheapest set of breaks after which every piece fits.</summary>
sealed class LineWrap
{
    readonly SyntaxTree _tree;
    readonly List<string> _lines;
    readonly int _line, _limit, _start, _end, _indent;
    readonly List<Item> _items = [];
    readonly List<Group> _groups = [];

    public LineWrap(SyntaxTree tree, List<string> lines, int line, int limit)
    {
        (_tree, _lines, _line, _limit) = (tree, lines, line, limit);
        _start = lines.Take(line).Sum(l => l.Length + 1);
        _end = _start + lines[line].Length;
        _indent = lines[line].Length - lines[line].TrimStart().Length;
    }

    sealed record Output(string Text, int Indent, int FirstItem, int FirstOffset, int LastItem);

    sealed record State(List<Group> Groups, List<Cut> Cuts, HashSet<string> Skipped, double Cost);

    public bool Wrap()
    {
        var root = _tree.GetRoot();
        if (MoveComment(root))
            return true;
        if (!FindItems(root))
            return false;
        var groups = new Groups(_items, IndentOf, _start, _end, _indent);
        groups.Collect(root);
        _groups.AddRange(groups.All);
        var best = Search();
        if (best is null || (best.Groups.Count == 0 && best.Cuts.Count == 0))
            return false;
        if (JoinNext(best))
            return true;
        var layout = Layout(best)!;
        Apply(best);
        JoinElements(best, layout);
        return true;
    }

    int IndentOf(int position)
    {
        var text = _tree.GetText().Lines.GetLineFromPosition(position).ToString();
        return text.Length - text.TrimStart().Length;
    }

    bool MoveComment(SyntaxNode root)
    {
        var comment = root.DescendantTrivia(descendIntoTrivia: false).FirstOrDefault(t =>
            t.IsKind(SyntaxKind.SingleLineCommentTrivia) && t.SpanStart > _start && t.Span.End <= _end);
        if (comment.IsKind(SyntaxKind.None) || comment.SpanStart < _start + _indent + 1)
            return false;
        var code = _lines[_line][..(comment.SpanStart - _start)].TrimEnd();
        _lines[_line] = code;
        _lines.Insert(_line, new string(' ', _indent) + comment);
        return true;
    }

    bool FindItems(SyntaxNode root)
    {
        foreach (var token in root.DescendantTokens())
        {
            if (token.Span.End <= _start || token.SpanStart >= _end || token.Span.Length == 0)
                continue;
            var interpolated = token.Parent?.AncestorsAndSelf().OfType<InterpolatedStringExpressionSyntax>().LastOrDefault();
            if (interpolated is not null)
            {
                if (_items.Count > 0 && _items[^1].Interpolated == interpolated)
                    continue;
                if (interpolated.SpanStart < _start || interpolated.Span.End > _end)
                {
                    // A raw string over several lines: its last line may go on with code.
                    var (s, e) = (Math.Max(_start, interpolated.SpanStart), Math.Min(_end, interpolated.Span.End));
                    _items.Add(new Item(s, e, Slice(s, e), token, interpolated));
                    continue;
                }

                _items.Add(new Item(interpolated.SpanStart, interpolated.Span.End, interpolated.ToString(), token, interpolated));
                continue;
            }

            var (start, end) = (Math.Max(_start, token.SpanStart), Math.Min(_end, token.Span.End));
            _items.Add(new Item(start, end, Slice(start, end), token, null));
        }

        return _items.Count > 1;
    }

    string Slice(int start, int end) => _lines[_line][(start - _start)..(end - _start)];

    State? Search()
    {
        var queue = new PriorityQueue<State, double>();
        var seen = new HashSet<string>();
        var start = new State([], [], [], 0);
        queue.Enqueue(start, 0);
        var expanded = 0;
        while (queue.TryDequeue(out var state, out var priority))
        {
            if (!seen.Add(Key(state)))
                continue;
            var layout = Layout(state);
            if (layout is null)
                continue;
            var bad = layout.FindIndex(o => o.Text.Length > _limit && !state.Skipped.Contains(NameOf(o)));
            if (bad < 0)
            {
                // Final costs depend on the whole layout; the state comes again with them.
                if (state.Skipped.Contains("final"))
                    return state;
                var extra = Looks(state, layout);
                var final = state with { Skipped = [.. state.Skipped, "final"], Cost = state.Cost + extra };
                queue.Enqueue(final, final.Cost);
                continue;
            }

            if (expanded++ > 60_000)
            {
                Console.Error.WriteLine("search is long: " + _lines[_line].Trim());
                return null;
            }

            var line = layout[bad];
            foreach (var next in Next(state, layout, line))
                queue.Enqueue(next, next.Cost);
            queue.Enqueue(state with { Skipped = [.. state.Skipped, NameOf(line)], Cost = state.Cost + 100 + line.Text.Length - _limit }, state.Cost + 100 + line.Text.Length - _limit);
        }

        return null;
    }

    static string NameOf(Output line) => $"{line.FirstItem}/{line.FirstOffset}";

    static string Key(State state) => string.Join(',', state.Groups.Select(g => g.Id).Order()) + "|"
        + string.Join(',', state.Cuts.Select(c => (c.Item, c.Offset)).Order()) + "|" + string.Join(',', state.Skipped.Order());

    IEnumerable<State> Next(State state, List<Output> layout, Output line)
    {
        var broken = state.Groups.SelectMany(g => g.Breaks).Select(b => b.Item).ToHashSet();
        foreach (var group in _groups)
        {
            if (state.Groups.Contains(group) || group.Breaks.TrueForAll(b => broken.Contains(b.Item)))
                continue;
            if (!group.Breaks.Exists(b => b.Item > line.FirstItem && b.Item <= line.LastItem && !broken.Contains(b.Item)))
                continue;
            if (group.MustStartLine >= 0 && group.MustStartLine != 0 && !broken.Contains(group.MustStartLine))
                continue;
            if (group.Kind is Kind.Open or Kind.Each or Kind.Braces or Kind.Brackets
                && state.Groups.Exists(g => g.Node == group.Node && g.Kind is Kind.Open or Kind.Each or Kind.Braces or Kind.Brackets && g.Node == group.Node))
                continue;
            var cost = group.Cost;
            if (group.Kind is Kind.Comma)
            {
                var isOpen = state.Groups.Exists(g => g.Node == group.Node && g.Kind is Kind.Open or Kind.Each or Kind.Braces or Kind.Brackets && g.Node == group.Node)
                    || (group.Anchor < _start && group.Earlier == _indent - 4);
                if (isOpen)
                    cost = 1.3;
                else if (state.Groups.Exists(g => g.Node == group.Node))
                    cost = 3;
            }
            else if (group.Kind is Kind.Chain && state.Groups.Exists(g => g.Node == group.Node))
            {
                cost = 1.5;
            }
            else if (group.Kind is Kind.Binary && state.Groups.Exists(g => g.Node == group.Node))
            {
                cost *= 0.6;
            }

            yield return state with { Groups = [.. state.Groups, group], Cost = state.Cost + cost };
        }

        for (var i = line.FirstItem; i <= line.LastItem; i++)
        {
            if (_items[i].Text.Length < 40)
                continue;
            var call = Strings.CuttableCall(_items[i]);
            var callee = call?.Expression.ToString();
            if ((Strings.Cuttable(_items[i]) ?? call) is not { } literal)
                continue;
            var from = state.Cuts.Where(c => c.Item == i).Select(c => c.Offset).DefaultIfEmpty(0).Max();
            if (i == line.FirstItem && line.FirstOffset != from)
                continue;
            var text = line.Text;
            // Column at which the part begins.
            var column = i == line.FirstItem && from > 0 ? line.Indent + state.Cuts.First(c => c.Item == i).Prefix.Length : ColumnOf(state, layout, i);
            if (column < 0)
                continue;
            var group = PlaceOf(i, literal);
            var room = _limit - column - (group.IsTrailing ? 2 : 0) - (callee is null ? 0 : 1);
            var prefix = from == 0 ? 0 : _items[i].Interpolated is null ? 1 : 2;
            var offsets = Strings.Offsets(_items[i]).Where(o => o.Offset > from + 24 && o.Offset - from + prefix + 1 <= room).ToList();
            foreach (var (offset, cost) in offsets)
            {
                var tail = _items[i].Text.Length - offset;
                var waste = room - (offset - from);
                if (tail < 14 || (tail < 24 && cost > 0.3) || waste > 75)
                    continue;
                var penalty = 3.6 + (1.2 * cost) + (waste / 45.0) + (tail < 24 ? 0.3 : 0);
                if (from > 0)
                    penalty *= 0.7;
                if (callee is not null)
                    penalty += 0.5 + (Strings.HasHole(_items[i], from, offset) ? 0 : 2) + (Strings.HasHole(_items[i], offset, _items[i].Text.Length) ? 0 : 2);
                yield return state with { Cuts = [.. state.Cuts, new Cut(i, offset, penalty, group, callee)], Cost = state.Cost + penalty };
            }
        }
    }

    int ColumnOf(State state, List<Output> layout, int item)
    {
        foreach (var line in layout)
        {
            if (item < line.FirstItem || item > line.LastItem)
                continue;
            // Text of the line up to the item.
            var column = line.Indent;
            for (var k = line.FirstItem; k < item; k++)
            {
                if (k == line.FirstItem && line.FirstOffset > 0)
                    column += state.Cuts.First(c => c.Item == k).Prefix.Length + Strings.Part(_items[k], line.FirstOffset, _items[k].Text.Length).Length;
                else
                    column += _items[k].Text.Length;
                column += _items[k + 1].Start - _items[k].End;
            }

            return column;
        }

        return -1;
    }

    Group PlaceOf(int item, ExpressionSyntax literal)
    {
        SyntaxNode anchor = literal;
        var trailing = false;
        if (literal.Parent is BinaryExpressionSyntax binary && binary.IsKind(SyntaxKind.AddExpression))
        {
            while (Groups.IsSameChain(binary, binary.Parent))
                binary = (BinaryExpressionSyntax)binary.Parent!;
            anchor = binary;
            trailing = Groups.IsTrailing(binary);
        }

        var continues = anchor.SpanStart < _start && (_items[0].Token.IsKind(SyntaxKind.PlusToken) || (trailing && item == 0));
        return new Group
        {
            Id = -1,
            Kind = Kind.Binary,
            Node = anchor,
            Breaks = [],
            Cost = 0,
            Anchor = anchor.SpanStart,
            Earlier = continues ? _indent - 4 : IndentOf(anchor.SpanStart),
            Aligns = Groups.AlignsIn(anchor),
            IsTrailing = trailing,
        };
    }

    List<Output>? Layout(State state)
    {
        var breaks = new Dictionary<int, (Group Group, Break Break)>();
        foreach (var group in state.Groups.OrderByDescending(g => g.Anchor).ThenBy(g => g.Node.Span.Length))
        {
            foreach (var one in group.Breaks)
                breaks[one.Item] = (group, one);
        }

        var cuts = state.Cuts.ToLookup(c => c.Item);
        var bases = new Dictionary<int, (int Indent, bool IsFirst)>();
        var output = new List<Output>();
        var (indent, firstItem, firstOffset) = (_indent, 0, 0);
        var text = new StringBuilder(new string(' ', indent));
        var byStart = new Dictionary<int, int>();

        int IndentFor(Group group, int delta)
        {
            if (group.Anchor < _start || !bases.TryGetValue(group.Anchor, out var at))
                return group.Earlier + delta;
            return group.Aligns && at.IsFirst ? at.Indent : at.Indent + delta;
        }

        for (var i = 0; i < _items.Count; i++)
        {
            var item = _items[i];
            if (breaks.TryGetValue(i, out var here))
            {
                text.Append(here.Break.Append);
                output.Add(new Output(text.ToString().TrimEnd(), indent, firstItem, firstOffset, i - 1));
                indent = IndentFor(here.Group, here.Break.Delta);
                (firstItem, firstOffset) = (i, 0);
                text.Clear().Append(' ', indent);
            }
            else if (i > 0)
            {
                text.Append(Slice(_items[i - 1].End, item.Start));
            }

            bases[item.Start] = (indent, firstItem == i);
            var from = 0;
            foreach (var cut in cuts[i].OrderBy(c => c.Offset))
            {
                text.Append(Strings.Part(item, from, cut.Offset));
                text.Append(cut.Suffix);
                output.Add(new Output(text.ToString(), indent, firstItem, firstOffset, i));
                indent = IndentFor(cut.Place, 4);
                (firstItem, firstOffset) = (i, cut.Offset);
                text.Clear().Append(' ', indent);
                text.Append(cut.Prefix);
                from = cut.Offset;
            }

            text.Append(from == 0 ? item.Text : Strings.Part(item, from, item.Text.Length));
        }

        output.Add(new Output(text.ToString(), indent, firstItem, firstOffset, _items.Count - 1));
        return output;
    }

    /// <summary>What makes a layout ugly: constructs broken inside others that are not, short ends, many lines.</summary>
    double Looks(State state, List<Output> layout)
    {
        var broken = state.Groups.SelectMany(g => g.Breaks).Select(b => _items[b.Item].Start).ToHashSet();
        if (_items.Count > 0)
            broken.Add(_items[0].Start);
        var cost = 0.25 * (layout.Count - 1);
        // Elements that stand one a line may be short.
        var elements = state.Groups.Where(g => g.Breaks.Count > 1 && g.Kind is Kind.Each or Kind.Braces or Kind.Brackets)
            .SelectMany(g => g.Breaks).Select(b => b.Item).ToHashSet();
        foreach (var line in layout.Skip(1).Where(l => !elements.Contains(l.FirstItem)))
        {
            var length = line.Text.Trim().Length;
            if (length is > 2 and < 14)
                cost += 0.6;
            if (line.Text.Trim() is [')' or ',', ..])
                cost += 5;
            // An opening bracket at the end of a line before elements that are a few words.
            if (line.Text.EndsWith("(("))
                cost += 3;
        }

        // What is broken into few lines should not leave the first ones nearly empty.
        foreach (var line in layout.SkipLast(1).Where(l => !elements.Contains(l.FirstItem)))
            cost += Math.Max(0, 60 - line.Text.Trim().Length) / 200.0;

        // The last line of all is the rest: a very short one after a comma looks forgotten.
        foreach (var group in state.Groups)
        {
            if (group.Node is ArgumentListSyntax { Parent: BaseObjectCreationExpressionSyntax { Initializer: { } after } } && after.SpanStart < _end
                && !broken.Contains(after.SpanStart))
                cost += 30;
            if (group.Kind is Kind.Comma && group.Node is InitializerExpressionSyntax own && own.SpanStart >= _start && !broken.Contains(own.CloseBraceToken.SpanStart))
                cost += 30;
            cost += Inside(state, broken, group.Node, group.Kind is Kind.Comma or Kind.Open or Kind.Each or Kind.Braces or Kind.Brackets or Kind.Lambda);
            if (group.Kind is Kind.Equals && group.Node.Parent is InitializerExpressionSyntax i && !i.Expressions.Any(e => broken.Contains(e.SpanStart)))
                cost += 5;
            if (group.Kind is Kind.Comma && layout[^1].FirstItem == group.Breaks[0].Item && layout[^1].Text.Trim().Length < 30)
                cost += 0.6;
            if (group.Kind is Kind.Chain && group.Breaks.Count == 1)
            {
                var line = layout.First(o => o.FirstItem == group.Breaks[0].Item);
                var tail = line.Text.Trim().Length;
                cost += tail < 25 ? 1.2 : 0;
                var before = layout[layout.IndexOf(line) - 1].Text.Trim().Length;
                cost += before < 40 ? 0.6 : 0;
            }

            if (group.Kind is Kind.Comma or Kind.Binary && group.Breaks.Count == 1)
            {
                var line = layout.FirstOrDefault(o => o.FirstItem == group.Breaks[0].Item);
                if (line is not null && layout.IndexOf(line) is > 0 and var k)
                    cost += Math.Max(0, _limit - layout[k - 1].Text.Length) / 140.0;
            }
        }

        foreach (var cut in state.Cuts)
        {
            var call = cut.Callee is null ? null : Strings.CuttableCall(_items[cut.Item])!;
            if (call is not null && broken.Contains(call.ArgumentList.Arguments[0].SpanStart) && call.ArgumentList.Arguments[0].SpanStart != _items[0].Start)
                cost += 8;
            var literal = call ?? Strings.Cuttable(_items[cut.Item])!;
            cost += Inside(state, broken, literal, false);
            var (list, element) = ListOf(literal);
            if (list is ArgumentListSyntax arguments && !broken.Contains(arguments.Arguments[0].SpanStart))
                cost += arguments.Arguments.Count == 1 ? 2.6 : 3.5;
        }

        return cost;
    }

    static (SyntaxNode? List, SyntaxNode Element) ListOf(SyntaxNode node)
    {
        while (node.Parent is BinaryExpressionSyntax or ParenthesizedExpressionSyntax)
            node = node.Parent;
        return node.Parent is ArgumentSyntax { Parent: ArgumentListSyntax list } argument ? (list, argument) : (null, node);
    }

    double Inside(State state, HashSet<int> broken, SyntaxNode node, bool isList)
    {
        var cost = 0.0;
        for (var child = node; child.Parent is { } parent && child.SpanStart >= _start; child = parent)
        {
            var elements = parent switch
            {
                ArgumentListSyntax list => list.Arguments.Cast<SyntaxNode>().ToList(),
                BracketedArgumentListSyntax list => [.. list.Arguments],
                AttributeArgumentListSyntax list => [.. list.Arguments],
                ParameterListSyntax list => [.. list.Parameters],
                TupleExpressionSyntax list => [.. list.Arguments],
                CollectionExpressionSyntax list => [.. list.Elements],
                InitializerExpressionSyntax list => [.. list.Expressions],
                _ => null,
            };
            if (elements is not null)
            {
                var index = elements.IndexOf(child);
                if (index < 0)
                    continue;
                var isLast = index == elements.Count - 1;
                var nextBroken = isLast || broken.Contains(elements[index + 1].SpanStart) || elements[index + 1].SpanStart > _end;
                var isStart = broken.Contains(elements[index].SpanStart);
                var isOpen = parent.SpanStart < _start || elements.Exists(e => broken.Contains(e.SpanStart));
                var isSole = elements.Count == 1;
                cost += !nextBroken ? 5 : isOpen ? (isStart ? 0.2 : 1.6) : isLast ? (isSole ? (isList ? 0.8 : 1.0) : (isList ? (elements.Count > 2 ? 2.6 : 1.5) : 3)) : 2;
                // The formatter wants the braces of an initialiser of several lines on lines of their own.
                if (parent is InitializerExpressionSyntax && !isOpen)
                    cost += 30;
                if (parent.Parent is BaseObjectCreationExpressionSyntax { Initializer: { } initializer } creation && creation.ArgumentList == parent
                    && initializer.SpanStart < _end && !broken.Contains(initializer.SpanStart))
                    cost += 30;
                continue;
            }

            switch (parent)
            {
                case ConditionalExpressionSyntax conditional:
                {
                    var top = conditional;
                    cost += broken.Contains(top.ColonToken.SpanStart) || top.ColonToken.SpanStart < _start ? 0.2 : 5;
                    break;
                }

                case BinaryExpressionSyntax binary when !Groups.IsSameChain(binary, binary.Parent):
                {
                    // Breaking inside an operand while the operators stay on the line hides the structure.
                    var operators = Groups.Operators(binary);
                    var near = operators.Exists(o => broken.Contains(o.SpanStart) || broken.Contains(o.GetNextToken().SpanStart));
                    var later = operators.Exists(o => o.SpanStart > node.Span.End && !broken.Contains(o.SpanStart) && o.SpanStart < _end);
                    cost += later ? 3 : near ? 0.2 : 1.5;
                    break;
                }

                case LambdaExpressionSyntax { ExpressionBody: { } body }:
                    cost += broken.Contains(body.SpanStart) ? 0.2 : 0.7;
                    break;

                case InvocationExpressionSyntax invocation:
                {
                    // Later links of the chain on the same line as the end of the broken part.
                    var top = (ExpressionSyntax)invocation;
                    if (invocation.ArgumentList != child && child is not ArgumentListSyntax)
                        break;
                    var last = LastLink(top);
                    var later = Groups.Dots(last).Dots.Where(d => d.SpanStart > invocation.Span.End - 1 && d.SpanStart < _end
                        && d.GetNextToken().Text is not "ConfigureAwait").ToList();
                    if (later.Count > 0)
                        cost += broken.Contains(later[0].SpanStart) ? 0.3 : 2.6;
                    break;
                }

                case ParenthesizedExpressionSyntax:
                    cost += 0.8;
                    break;
                case InterpolatedStringExpressionSyntax:
                    cost += 50;
                    break;
                case SwitchSectionSyntax section:
                    if (section.SpanStart >= _start && section.Statements[0].SpanStart < _end && !broken.Contains(section.Statements[0].SpanStart))
                        cost += 10;
                    return cost;
                case StatementSyntax when parent.Parent is not SwitchSectionSyntax:
                    return cost;
                case MemberDeclarationSyntax:
                    return cost;
            }
        }

        return cost;
    }

    static ExpressionSyntax LastLink(ExpressionSyntax expression)
    {
        while (true)
        {
            if (expression.Parent is MemberAccessExpressionSyntax m && m.Expression == expression)
                expression = m;
            else if (expression.Parent is InvocationExpressionSyntax i && i.Expression == expression)
                expression = i;
            else if (expression.Parent is ElementAccessExpressionSyntax e && e.Expression == expression)
                expression = e;
            else if (expression.Parent is PostfixUnaryExpressionSyntax p)
                expression = p;
            else
                return expression;
        }
    }

    /// <summary>Where a list is filled line by line and a short rest stays, the elements of the next line follow it.</summary>
    void JoinElements(State state, List<Output> layout)
    {
        var last = state.Groups.Find(g => g.Kind is Kind.Comma && g.Breaks[0].Item == layout[^1].FirstItem);
        if (last is null)
            return;
        var next = _line + layout.Count;
        if (next >= _lines.Count)
            return;
        var nextStart = _end + 1 + _lines[next].Length - _lines[next].TrimStart().Length;
        var nextEnd = _end + 1 + _lines[next].Length;
        var elements = last.Node switch
        {
            ArgumentListSyntax l => l.Arguments.Cast<SyntaxNode>().ToList(),
            CollectionExpressionSyntax l => [.. l.Elements],
            InitializerExpressionSyntax l => [.. l.Expressions],
            ParameterListSyntax l => [.. l.Parameters],
            _ => [],
        };
        if (elements.Count(e => e.SpanStart >= nextStart && e.Span.End <= nextEnd) < 2 || !elements.Exists(e => e.SpanStart == nextStart))
            return;
        if (!layout[^1].Text.EndsWith(',') || layout[^1].Text.Length + 1 + _lines[next].Trim().Length > _limit)
            return;
        _lines[next - 1] = layout[^1].Text + " " + _lines[next].Trim();
        _lines.RemoveAt(next);
    }

    /// <summary>
    /// Where a cut leaves a short rest and the text goes on in a literal on the next line, both literals become one, which is then cut anew.
    /// </summary>
    bool JoinNext(State state)
    {
        var layout = Layout(state)!;
        foreach (var index in state.Cuts.Select(c => c.Item).Distinct())
        {
            var item = _items[index];
            if (Strings.Cuttable(item)?.Parent is not BinaryExpressionSyntax || layout[^1].Text.Length > 105 || layout[^1].FirstItem != index)
                continue;
            var plus = item.LastToken.GetNextToken();
            var next = plus.GetNextToken();
            if (!plus.IsKind(SyntaxKind.PlusToken) || _tree.GetLineSpan(next.Span).StartLinePosition.Line != _line + 1 || next.Parent is null)
                continue;
            ExpressionSyntax? other = next.Parent is InterpolatedStringExpressionSyntax i && i.StringStartToken == next && next.Text == "$\"" ? i
                : next.IsKind(SyntaxKind.StringLiteralToken) && next.Text.StartsWith('"') ? next.Parent as LiteralExpressionSyntax : null;
            if (other is null || other.Parent is not BinaryExpressionSyntax || _tree.GetLineSpan(other.Span).EndLinePosition.Line != _line + 1)
                continue;
            var nextStart = _end + 1;
            if (_lines[_line + 1].Length <= other.Span.End - nextStart - 1)
                continue;
            var (a, b) = (item.Text, other.ToString());
            var (isA, isB) = (a[0] == '$', b[0] == '$');
            static string Escape(string t, bool needed) => needed ? t.Replace("{", "{{").Replace("}", "}}") : t;
            var merged = (isA || isB ? "$" : "") + "\"" + Escape(a[(isA ? 2 : 1)..^1], !isA && isB) + Escape(b[(isB ? 2 : 1)..^1], isA && !isB) + "\"";
            _lines[_line] = _lines[_line][..(item.Start - _start)] + merged + _lines[_line + 1][(other.Span.End - nextStart)..];
            _lines.RemoveAt(_line + 1);
            return true;
        }

        return false;
    }

    void Apply(State state)
    {
        var layout = Layout(state)!;
        var delta = layout[^1].Indent - _indent;
        var shiftTo = _line;
        if (delta != 0)
        {
            // What begins on the last piece and goes on below moves with it.
            foreach (var item in _items.Where((_, i) => i >= layout[^1].FirstItem))
            {
                foreach (var node in item.Token.Parent!.AncestorsAndSelf().TakeWhile(n => n.SpanStart >= _items[layout[^1].FirstItem].Start))
                {
                    // The body of a member is indented by the member, not by the line of its last parameter.
                    if (node is ArrowExpressionClauseSyntax)
                        break;
                    var end = _tree.GetText().Lines.GetLineFromPosition(node.Span.End).LineNumber;
                    shiftTo = Math.Max(shiftTo, end);
                }
            }
        }

        var fixedLines = new HashSet<int>();
        foreach (var token in _tree.GetRoot().DescendantTokens().Where(t => t.IsKind(SyntaxKind.StringLiteralToken) && t.Text.StartsWith('@')))
        {
            var span = _tree.GetLineSpan(token.Span);
            for (var l = span.StartLinePosition.Line + 1; l <= span.EndLinePosition.Line; l++)
                fixedLines.Add(l);
        }

        for (var l = _line + 1; l <= shiftTo; l++)
        {
            if (_lines[l].Length > 0 && !fixedLines.Contains(l))
                _lines[l] = delta > 0 ? new string(' ', delta) + _lines[l] : _lines[l][Math.Min(-delta, _lines[l].Length - _lines[l].TrimStart().Length)..];
        }

        _lines.RemoveAt(_line);
        _lines.InsertRange(_line, layout.Select(o => o.Text));
    }
}
