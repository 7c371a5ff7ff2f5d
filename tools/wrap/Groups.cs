using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wrap;

/// <summary>All ways in which the constructs of a line may be broken.</summary>
sealed class Groups(List<Item> items, Func<int, int> indentOfPosition, int lineStart, int lineEnd, int lineIndent)
{
    readonly List<Group> _all = [];
    readonly Dictionary<int, int> _byStart = items.Select((item, i) => (item.Start, i)).ToDictionary(x => x.Start, x => x.i);

    public List<Group> All => _all;

    public void Collect(SyntaxNode node)
    {
        if (node.Span.End < lineStart || node.SpanStart > lineEnd)
            return;
        Visit(node);
        if (node is InterpolatedStringExpressionSyntax)
            return;
        foreach (var child in node.ChildNodes())
            Collect(child);
    }

    int At(SyntaxToken token) => _byStart.TryGetValue(token.SpanStart, out var i) ? i : -1;

    int At(SyntaxNode node) => _byStart.TryGetValue(node.SpanStart, out var i) ? i : -1;

    Group? Add(
        Kind kind, SyntaxNode node, double cost, int anchor, IEnumerable<Break> breaks, bool aligns = false, bool trailing = false, int mustStart = -1,
        IEnumerable<int>? separators = null, int last = -1)
    {
        var list = breaks.Where(b => b.Item > 0).DistinctBy(b => b.Item).ToList();
        if (list.Count == 0)
            return null;
        // A line that already begins with an element of the construct keeps its indentation.
        var continues = anchor < lineStart && (separators?.Contains(0) ?? false);
        var group = new Group
        {
            Id = _all.Count,
            Kind = kind,
            Node = node,
            Breaks = list,
            Cost = cost,
            Anchor = anchor,
            Earlier = continues ? lineIndent - 4 : indentOfPosition(anchor),
            Aligns = aligns,
            IsTrailing = trailing,
            MustStartLine = mustStart,
            Last = last,
        };
        _all.Add(group);
        return group;
    }

    void Visit(SyntaxNode node)
    {
        switch (node)
        {
            case ArrowExpressionClauseSyntax arrow:
            {
                var member = arrow.Parent!;
                var body = arrow.Expression;
                var cost = body is SwitchExpressionSyntax ? 6 : body is ConditionalExpressionSyntax ? 2.6 : 2.0;
                if (SpansLines(body))
                    cost += 4;
                Add(Kind.Arrow, node, cost, MemberStart(member), [new(At(body), 4)]);
                break;
            }

            case LambdaExpressionSyntax { ExpressionBody: { } body } lambda:
                Add(Kind.Lambda, node, body is ConditionalExpressionSyntax ? 4.2 : 3.8, lambda.SpanStart, [new(At(body), 4)]);
                break;

            case ConditionalExpressionSyntax conditional when conditional.Parent is not ConditionalExpressionSyntax parent || parent.WhenFalse != conditional:
            {
                var breaks = new List<Break>();
                for (ExpressionSyntax? c = conditional; c is ConditionalExpressionSyntax one; c = one.WhenFalse)
                {
                    breaks.Add(new(At(one.QuestionToken), 4));
                    breaks.Add(new(At(one.ColonToken), 4));
                }

                // A chain reads as a table: one case a line.
                if (breaks.Count > 2)
                {
                    var colons = breaks.Where((_, i) => i % 2 == 1).ToList();
                    Add(Kind.Conditional, node, 2.6, conditional.SpanStart, colons, separators: breaks.Select(b => b.Item));
                    break;
                }

                Add(Kind.Conditional, node, 2.4, conditional.SpanStart, breaks, separators: breaks.Select(b => b.Item));
                break;
            }

            case BinaryExpressionSyntax binary when !IsSameChain(binary, binary.Parent):
                Binary(binary);
                break;

            case BinaryPatternSyntax pattern when pattern.Parent is not BinaryPatternSyntax parent || parent.OperatorToken.Kind() != pattern.OperatorToken.Kind():
            {
                var operators = new List<SyntaxToken>();
                for (PatternSyntax p = pattern; p is BinaryPatternSyntax b && b.OperatorToken.Kind() == pattern.OperatorToken.Kind(); p = b.Left)
                    operators.Insert(0, b.OperatorToken);
                var places = operators.Select(At).ToList();
                foreach (var place in places)
                    Add(Kind.Binary, node, 3.6, pattern.SpanStart, [new(place, 4)], separators: places);
                break;
            }

            case IsPatternExpressionSyntax isPattern when isPattern.Pattern.Span.Length > 40:
                Add(Kind.Other, node, 5.5, isPattern.SpanStart, [new(At(isPattern.IsKeyword), 4)]);
                break;

            case ExpressionSyntax expression when expression is InvocationExpressionSyntax && !IsInsideChain(expression):
                Chain(expression);
                break;

            case BaseArgumentListSyntax { Arguments.Count: > 0 } list when list is ArgumentListSyntax:
                List(list, list.GetFirstToken(), list.Arguments, list.Arguments.GetSeparators(), 0);
                break;

            case AttributeArgumentListSyntax { Arguments.Count: > 0 } list:
                List(list, list.OpenParenToken, list.Arguments, list.Arguments.GetSeparators(), 0);
                break;

            case ParameterListSyntax { Parameters.Count: > 0 } list when list.Parent is not LambdaExpressionSyntax:
                List(list, list.OpenParenToken, list.Parameters, list.Parameters.GetSeparators(), -1.5);
                break;

            case TupleExpressionSyntax tuple:
                List(tuple, tuple.OpenParenToken, tuple.Arguments, tuple.Arguments.GetSeparators(), 1.0);
                break;

            case InitializerExpressionSyntax initializer:
                Initializer(initializer, initializer.OpenBraceToken, initializer.CloseBraceToken, initializer.Expressions, initializer.Expressions.GetSeparators());
                break;

            case AnonymousObjectCreationExpressionSyntax anonymous:
                Initializer(anonymous, anonymous.OpenBraceToken, anonymous.CloseBraceToken, anonymous.Initializers, anonymous.Initializers.GetSeparators());
                break;

            case CollectionExpressionSyntax { Elements.Count: > 0 } collection:
                Collection(collection);
                break;

            case EqualsValueClauseSyntax equals when equals.Parent is not ParameterSyntax:
                Value(equals, equals.Value, MemberStart(equals.Parent!), (equals.Parent is PropertyDeclarationSyntax) ? -1.0 : (equals.Parent?.Parent?.Parent is FieldDeclarationSyntax) ? -0.5 : 0);
                break;

            case AssignmentExpressionSyntax assignment when assignment.Right is not InitializerExpressionSyntax:
                Value(assignment, assignment.Right, assignment.SpanStart, 0);
                break;

            case ConstructorInitializerSyntax initializer:
                Add(Kind.Other, node, 1.0, MemberStart(node.Parent!), [new(At(initializer.ColonToken), 4)]);
                break;

            case BaseListSyntax bases:
                Add(Kind.Other, node, 1.0, MemberStart(node.Parent!), [new(At(bases.ColonToken), 4)]);
                break;

            case TypeParameterConstraintClauseSyntax where:
                Add(Kind.Other, node, 1.5, MemberStart(node.Parent!), [new(At(where.WhereKeyword), 4)]);
                break;

            case SwitchExpressionArmSyntax arm:
                Add(Kind.Arrow, node, arm.Expression is ConditionalExpressionSyntax ? 3.0 : 2.5, arm.SpanStart, [new(At(arm.Expression), 4)]);
                break;

            case WhenClauseSyntax clause:
                Add(Kind.Other, node, 2.8, node.Parent!.SpanStart, [new(At(clause.WhenKeyword), 4)]);
                break;

            case AttributeListSyntax attributes when attributes.Parent is MemberDeclarationSyntax:
            {
                var next = attributes.CloseBracketToken.GetNextToken();
                Add(Kind.Other, node, 0.5, attributes.SpanStart, [new(At(next), 0)]);
                break;
            }

            case IfStatementSyntax { Statement: not BlockSyntax } statement:
                Add(Kind.Other, node, 0.3, statement.SpanStart, [new(At(statement.Statement), 4)]);
                break;

            case CommonForEachStatementSyntax { Statement: not BlockSyntax } statement:
                Add(Kind.Other, node, 0.3, statement.SpanStart, [new(At(statement.Statement), 4)]);
                break;

            case ForStatementSyntax { Statement: not BlockSyntax } statement:
                Add(Kind.Other, node, 0.3, statement.SpanStart, [new(At(statement.Statement), 4)]);
                break;

            case SwitchSectionSyntax section:
                Add(Kind.Other, node, 0.8, section.SpanStart, section.Statements.Select(s => new Break(At(s), 4)));
                break;

            case TypeArgumentListSyntax { Arguments.Count: > 1 } types:
                foreach (var separator in types.Arguments.GetSeparators())
                    Add(Kind.Comma, node, 9, types.SpanStart, [new(At(separator.GetNextToken()), 4)]);
                break;

            case TupleTypeSyntax tuple:
                foreach (var separator in tuple.Elements.GetSeparators())
                    Add(Kind.Comma, node, 9, tuple.SpanStart, [new(At(separator.GetNextToken()), 4)]);
                break;
        }
    }

    /// <summary>A body of this kind should not go to a line of its own, since it is broken inside in any case.</summary>
    static bool SpansLines(ExpressionSyntax body) =>
        body.SyntaxTree.GetLineSpan(body.Span) is var span && span.StartLinePosition.Line != span.EndLinePosition.Line;

    static int MemberStart(SyntaxNode member)
    {
        if (member is VariableDeclaratorSyntax or AccessorDeclarationSyntax)
            member = member is AccessorDeclarationSyntax ? member : member.Parent!.Parent!;
        var attributes = member switch { MemberDeclarationSyntax m => m.AttributeLists, AccessorDeclarationSyntax a => a.AttributeLists, _ => default };
        return attributes.Count > 0 ? attributes.Last().GetLastToken().GetNextToken().SpanStart : member.SpanStart;
    }

    void Value(SyntaxNode owner, ExpressionSyntax value, int anchor, double adjust)
    {
        if (value is CollectionExpressionSyntax && value.Span.Length > 120)
            return;
        var cost = 4.6 + adjust + value switch
        {
            CollectionExpressionSyntax => 2,
            BaseObjectCreationExpressionSyntax { Initializer: { } initializer } when SpansLines(value) && At(initializer.OpenBraceToken) < 0 => -3,
            BaseObjectCreationExpressionSyntax { Initializer: not null } => 3.5,
            WithExpressionSyntax => 2,
            LambdaExpressionSyntax => 2,
            SwitchExpressionSyntax => 4,
            ConditionalExpressionSyntax => 1,
            LiteralExpressionSyntax or InterpolatedStringExpressionSyntax => -1.2,
            _ => 0,
        };
        if (SpansLines(value))
            cost += 3;
        Add(Kind.Equals, owner, cost, anchor, [new(At(value), 4)]);
    }

    void List(SyntaxNode list, SyntaxToken open, IEnumerable<SyntaxNode> elements, IEnumerable<SyntaxToken> separators, double adjust)
    {
        var nodes = elements.ToList();
        var places = nodes.Select(At).ToList();
        if (list.Span.Length < (list is TupleExpressionSyntax ? 60 : 30))
            return;
        if (list.Span.Length < 48)
            adjust += list is ParameterListSyntax ? 3.5 : 2;
        var anchor = open.SpanStart;
        var isOpenHere = At(open) >= 0;
        var isBroken = places.Count > 0 && places.Contains(0);
        var firstPlace = places[0];
        // The list of arguments of an attribute follows the bracket, too.
        var sole = nodes.Count == 1 ? nodes[0] : null;
        var expression = sole is ArgumentSyntax a ? a.Expression : null;
        var soleCost = expression switch
        {
            null => 0,
            LambdaExpressionSyntax => 4.0,
            CollectionExpressionSyntax => 2.0,
            LiteralExpressionSyntax or InterpolatedStringExpressionSyntax => -0.3,
            InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax => 0.8,
            _ => 0.3,
        };
        var holdsBlock = nodes.Any(n => n.SyntaxTree.GetLineSpan(n.Span) is var s && s.StartLinePosition.Line != s.EndLinePosition.Line);
        if (holdsBlock)
            soleCost += 2.5;
        if (isOpenHere && firstPlace > 0)
        {
            Add(Kind.Open, list, 3.8 + adjust + soleCost, anchor, [new(firstPlace, 4)], separators: places);
            if (nodes.Count > 1)
            {
                var each = places.Where(p => p >= 0).Select(p => new Break(p, 4)).ToList();
                Add(Kind.Each, list, 4.4 + adjust + (holdsBlock ? 2.5 : 0) + (0.35 * Math.Max(0, each.Count - 3)), anchor, each, separators: places);
            }
        }

        foreach (var (place, i) in places.Select((p, i) => (p, i)))
        {
            if (i == 0 && !isBroken && isOpenHere)
                continue;
            Add(Kind.Comma, list, nodes[i] is ArgumentSyntax { Expression: LambdaExpressionSyntax } && i == nodes.Count - 1 ? 5.4 : 6.8, anchor,
                [new(place, 4)], separators: places);
        }
    }

    void Initializer(SyntaxNode node, SyntaxToken open, SyntaxToken close, IEnumerable<SyntaxNode> elements, IEnumerable<SyntaxToken> separators)
    {
        var nodes = elements.ToList();
        if (nodes.Count == 0)
            return;
        if (At(open) < 0 || At(close) < 0)
        {
            Commas(node, nodes.Select(At).ToList());
            return;
        }

        var append = separators.Count() < nodes.Count ? "," : "";
        var isAssigned = node is AnonymousObjectCreationExpressionSyntax || nodes.Exists(n => n is AssignmentExpressionSyntax);
        var before = open.GetPreviousToken();
        var anchor = before.SpanStart;
        var mustStart = -1;
        var breaks = new List<Break>();
        var isNested = node.Parent is InitializerExpressionSyntax;
        if (isNested)
        {
            anchor = open.SpanStart;
            mustStart = At(open);
        }
        else
        {
            breaks.Add(new(At(open), 0));
        }

        var places = nodes.Select(At).ToList();
        var each = new List<Break>([.. breaks, .. places.Select(p => new Break(p, 4)), new Break(At(close), 0, append)]);
        Add(Kind.Braces, node, 4.2 + (0.15 * nodes.Count), anchor, each, mustStart: mustStart, separators: places);
        if (!isAssigned && nodes.Count > 1)
        {
            var one = new List<Break>([.. breaks, new Break(places[0], 4), new Break(At(close), 0, append)]);
            Add(Kind.Braces, node, nodes.TrueForAll(IsSimple) ? 4.0 : 5.0, anchor, one, mustStart: mustStart, separators: places);
            Commas(node, places);
        }
    }

    static bool IsSimple(SyntaxNode node) => node.DescendantNodesAndSelf().All(n =>
        n is ExpressionElementSyntax or LiteralExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax or PrefixUnaryExpressionSyntax) && node.Span.Length < 30;

    void Commas(SyntaxNode node, List<int> places)
    {
        foreach (var place in places.Where(p => p > 0))
            Add(Kind.Comma, node, 7, node.SpanStart, [new(place, 4)], separators: places);
    }

    void Collection(CollectionExpressionSyntax node)
    {
        var (open, close) = (node.OpenBracketToken, node.CloseBracketToken);
        var places = node.Elements.Select(At).ToList();
        if (At(open) < 0 || At(close) < 0)
        {
            Commas(node, places);
            return;
        }

        var append = node.Elements.SeparatorCount < node.Elements.Count ? "," : "";
        var before = open.GetPreviousToken();
        var breaks = new List<Break>();
        var mustStart = -1;
        var anchor = node.SpanStart;
        if (At(open) == 0)
        {
            mustStart = 0;
        }
        else if (before.IsKind(SyntaxKind.EqualsToken) || before.IsKind(SyntaxKind.ReturnKeyword) || (before.IsKind(SyntaxKind.EqualsGreaterThanToken) && node.Parent is ArrowExpressionClauseSyntax))
        {
            anchor = before.IsKind(SyntaxKind.EqualsToken) && node.Parent is EqualsValueClauseSyntax e ? MemberStart(e.Parent!)
                : node.Parent is ArrowExpressionClauseSyntax arrow ? MemberStart(arrow.Parent!)
                : node.Parent is AssignmentExpressionSyntax assignment ? assignment.SpanStart
                : before.SpanStart;
            breaks.Add(new(At(open), 0));
        }
        else
        {
            mustStart = At(open);
        }

        if (node.Span.Length > 30)
        {
            var each = new List<Break>([.. breaks, .. places.Select(p => new Break(p, 4)), new Break(At(close), 0, append)]);
            Add(Kind.Brackets, node, 4.0 + (0.15 * places.Count), anchor, each, mustStart: mustStart, separators: places);
            var one = new List<Break>([.. breaks, new Break(places[0], 4), new Break(At(close), 0, append)]);
            if (places.Count > 1)
                Add(Kind.Brackets, node, node.Elements.All(IsSimple) ? 3.6 : 4.4, anchor, one, mustStart: mustStart, separators: places);
        }

        Commas(node, places);
    }

    static SyntaxKind ClassOf(SyntaxNode? node) => node?.Kind() switch
    {
        SyntaxKind.AddExpression or SyntaxKind.SubtractExpression => SyntaxKind.AddExpression,
        SyntaxKind.MultiplyExpression or SyntaxKind.DivideExpression => SyntaxKind.MultiplyExpression,
        { } kind => kind,
        _ => SyntaxKind.None,
    };

    public static bool IsSameChain(BinaryExpressionSyntax binary, SyntaxNode? parent) =>
        parent is BinaryExpressionSyntax above && ClassOf(above) == ClassOf(binary)
        && (above.Left == binary || binary.IsKind(SyntaxKind.CoalesceExpression));

    public static List<SyntaxToken> Operators(BinaryExpressionSyntax binary)
    {
        var operators = new List<SyntaxToken>();
        void Walk(ExpressionSyntax e)
        {
            if (e is not BinaryExpressionSyntax b || ClassOf(b) != ClassOf(binary))
                return;
            Walk(b.Left);
            operators.Add(b.OperatorToken);
            if (b.IsKind(SyntaxKind.CoalesceExpression))
                Walk(b.Right);
        }

        Walk(binary);
        return operators;
    }

    /// <summary>Whether the chain puts its operators at the ends of lines, as it is written now.</summary>
    public static bool IsTrailing(BinaryExpressionSyntax binary) => Operators(binary).Exists(o =>
        o.SyntaxTree!.GetText().Lines.GetLineFromPosition(o.SpanStart) is var line && line.ToString().TrimEnd().EndsWith(o.Text)
        && o.Span.End == line.Start + line.ToString().TrimEnd().Length);

    public static bool AlignsIn(SyntaxNode node) => node.Parent switch
    {
        ArgumentSyntax { Parent: BaseArgumentListSyntax { Arguments.Count: 1 } } => true,
        ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax or LambdaExpressionSyntax or SwitchExpressionArmSyntax => true,
        _ => false,
    };

    void Binary(BinaryExpressionSyntax binary)
    {
        var operators = Operators(binary);
        var trailing = IsTrailing(binary);
        var places = operators.Select(o => At(trailing ? o.GetNextToken() : o)).ToList();
        var kind = binary.Kind();
        var isText = binary.DescendantNodes().Any(n => n is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression });
        var cost = kind switch
        {
            SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression => 2.6,
            SyntaxKind.CoalesceExpression => 2.4,
            SyntaxKind.AddExpression or SyntaxKind.SubtractExpression => isText ? 3.0 : 3.4,
            SyntaxKind.MultiplyExpression or SyntaxKind.DivideExpression => 5.5,
            _ => 7.0,
        };
        var aligns = AlignsIn(binary);
        if (operators.Count > 1 && kind is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
            Add(Kind.Binary, binary, cost + 0.2, binary.SpanStart, places.Select(p => new Break(p, 4)), aligns, trailing, separators: places);
        foreach (var place in places)
            Add(Kind.Binary, binary, cost, binary.SpanStart, [new(place, 4)], aligns, trailing, separators: places);
    }

    static bool IsInsideChain(SyntaxNode expression) =>
        expression.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } m && m.Expression == expression
        || (expression.Parent is MemberAccessExpressionSyntax p && p.Expression == expression && HasLaterCall(p))
        || (expression.Parent is ConditionalAccessExpressionSyntax c && (c.WhenNotNull == expression || c.Expression == expression))
        || (expression.Parent is PostfixUnaryExpressionSyntax { Parent: MemberAccessExpressionSyntax m2 } && HasLaterCall(m2))
        || (expression.Parent is ElementAccessExpressionSyntax { Parent: MemberAccessExpressionSyntax m3 } && HasLaterCall(m3));

    static bool HasLaterCall(SyntaxNode node)
    {
        while (node.Parent is MemberAccessExpressionSyntax m && m.Expression == node)
            node = m;
        return node.Parent is InvocationExpressionSyntax i && i.Expression == node;
    }

    /// <summary>The dots of a chain that come before a call, with the receiver of the first.</summary>
    public static (List<SyntaxToken> Dots, ExpressionSyntax Root) Dots(ExpressionSyntax chain)
    {
        var dots = new List<SyntaxToken>();
        ExpressionSyntax current = chain;
        while (true)
        {
            switch (current)
            {
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member }:
                    dots.Insert(0, member.OperatorToken);
                    current = member.Expression;
                    continue;
                case MemberAccessExpressionSyntax member when Calls(member.Expression):
                    current = member.Expression;
                    continue;
                case ElementAccessExpressionSyntax element when Calls(element.Expression):
                    current = element.Expression;
                    continue;
                case PostfixUnaryExpressionSyntax postfix when Calls(postfix.Operand):
                    current = postfix.Operand;
                    continue;
            }

            return (dots, current);
        }

        static bool Calls(ExpressionSyntax e) => e.DescendantNodesAndSelf(n => n is not BaseArgumentListSyntax and not ParenthesizedExpressionSyntax)
            .Any(n => n is InvocationExpressionSyntax);
    }

    /// <summary>The dots before which a line may begin.</summary>
    public static List<SyntaxToken> BreakableDots(ExpressionSyntax chain, bool withFirst)
    {
        var (dots, root) = Dots(chain);
        var text = root.ToString();
        var isStatic = root is IdentifierNameSyntax or PredefinedTypeSyntax or GenericNameSyntax or MemberAccessExpressionSyntax && text.Length > 0 && char.IsUpper(text[0]) && !text.Contains('(')
            || root is ThisExpressionSyntax or BaseExpressionSyntax;
        var isPlain = root is IdentifierNameSyntax or MemberAccessExpressionSyntax;
        var skipsFirst = isStatic || (isPlain && (!withFirst || dots.Count < 3));
        return [.. dots.Skip(skipsFirst ? 1 : 0).Where(d => d.GetNextToken().Text is not "ConfigureAwait")];
    }

    void Chain(ExpressionSyntax chain)
    {
        var all = BreakableDots(chain, withFirst: true);
        var places = all.Select(At).ToList();
        if (places.All(p => p <= 0))
            return;
        var few = BreakableDots(chain, withFirst: false);
        if (few.Count > 1)
            Add(Kind.Chain, chain, 2.8 + (0.05 * places.Count), chain.SpanStart, places.Select(p => new Break(p, 4)), separators: places);
        foreach (var dot in few)
            Add(Kind.Chain, chain, 3.2, chain.SpanStart, [new(At(dot), 4)], separators: places, last: dot == few[^1] ? 1 : 0);
    }
}
