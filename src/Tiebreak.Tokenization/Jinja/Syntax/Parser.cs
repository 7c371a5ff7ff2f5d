namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>Reads a template: text, outputs, and the blocks that published chat templates use.</summary>
internal sealed class Parser
{
    // Tags of Jinja that load other templates or change what is escaped; a chat template stands alone.
    private static readonly string[] Unsupported = ["include", "import", "from", "extends", "block", "autoescape", "print"];

    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;

    private Parser(TokenStream tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
    }

    /// <summary>The statements of a template.</summary>
    /// <exception cref="JinjaException">It is no template, or uses what Tiebreak lacks.</exception>
    public static IReadOnlyList<Statement> Parse(string template)
    {
        if (template.Length > JinjaLimits.TemplateCharacters)
            throw new JinjaException($"It has more than {JinjaLimits.TemplateCharacters:N0} characters.");
        var tokens = new TokenStream(Lexer.Read(template));
        try
        {
            var parser = new Parser(tokens);
            var statements = parser.ReadStatements();
            return parser._expressions.Missing is [var first, ..] ? throw first : statements;
        }
        catch (JinjaException exception)
        {
            exception.LocateAt(tokens.Current.Line);
            throw;
        }
    }

    // Statements up to the tag with one of the names, which is left as the current token; without names to the end.
    private List<Statement> ReadStatements(params ReadOnlySpan<string> ends)
    {
        _tokens.Enter();
        var statements = new List<Statement>();
        while (true)
        {
            var token = _tokens.Next();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    statements.Add(new TextOutput(token.Text, token.Line));
                    break;
                case TokenKind.OutputBegin:
                    statements.Add(new ValueOutput(_expressions.ReadTuple(), token.Line));
                    _tokens.Expect(TokenKind.OutputEnd, "\"}}\"");
                    break;
                case TokenKind.BlockBegin when _tokens.Current.Kind is TokenKind.Name && ends.Contains(_tokens.Current.Text):
                    _tokens.Leave();
                    return statements;
                case TokenKind.BlockBegin:
                    statements.Add(ReadBlock(ends));
                    _tokens.Expect(TokenKind.BlockEnd, "\"%}\"");
                    break;
                default:
                    return ends.Length == 0
                        ? statements
                        : throw new JinjaException($"The template ends where a tag {string.Join(" or ", ends.ToArray())} is expected.");
            }
        }
    }

    private Statement ReadBlock(ReadOnlySpan<string> ends)
    {
        var tag = _tokens.Expect(TokenKind.Name, "the name of a tag");
        return tag.Text switch
        {
            "if" => ReadIf(tag.Line),
            "for" => ReadFor(tag.Line),
            "set" => ReadSet(tag.Line),
            "macro" => ReadMacro(tag.Line),
            "call" => ReadCall(tag.Line),
            "filter" => ReadFilter(tag.Line),
            "with" => ReadWith(tag.Line),

            // Marks what a model is trained on; it changes no text.
            "generation" => new ScopedBlock([], ReadFunctionBody("endgeneration"), tag.Line),
            "break" => ReadLoopControl(new Break(tag.Line), tag.Text),
            "continue" => ReadLoopControl(new Continue(tag.Line), tag.Text),
            _ when Unsupported.Contains(tag.Text, StringComparer.Ordinal) => throw JinjaException.Unsupported($"the tag \"{tag.Text}\""),
            _ => throw new JinjaException(ends.Length == 0
                ? $"There is no tag \"{tag.Text}\" that could stand here."
                : $"The tag \"{tag.Text}\" stands where {string.Join(" or ", ends.ToArray())} is expected, or does not exist."),
        };
    }

    // The rest of a tag, its body, and the name of the tag that ends the body.
    private List<Statement> ReadBody(ParsingPlace place, params ReadOnlySpan<string> ends)
    {
        _tokens.SkipOperator(":");
        _tokens.Expect(TokenKind.BlockEnd, "\"%}\"");
        var outside = _expressions.Place;
        _expressions.Place = place;
        var statements = ReadStatements(ends);
        _expressions.Place = outside;
        return statements;
    }

    private List<Statement> ReadBodyToEnd(ParsingPlace place, string end)
    {
        var body = ReadBody(place, end);
        _tokens.Next();
        return body;
    }

    // A body that is a function of its own in Jinja: a loop around it cannot be left from within.
    private List<Statement> ReadFunctionBody(string end) =>
        ReadBodyToEnd(_expressions.Place with { IsInLoop = false, IsConditional = false }, end);

    private If ReadIf(int line)
    {
        var outside = _expressions.Place;
        var inside = outside with { IsConditional = true };
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        do
        {
            _expressions.Place = inside;
            branches.Add((_expressions.ReadTuple(allowsConditional: false), ReadBody(inside, "elif", "else", "endif")));
            _expressions.Place = outside;
        }
        while (_tokens.SkipName("elif"));

        List<Statement> otherwise = _tokens.SkipName("else") ? ReadBody(inside, "endif") : [];
        _tokens.Next();
        return new If(branches, otherwise, line);
    }

    private For ReadFor(int line)
    {
        var outside = _expressions.Place;
        var inside = outside with { IsInLoop = true, IsConditional = false };
        _expressions.Place = inside;
        var target = _expressions.ReadTarget(endName: "in");
        _expressions.Place = outside;
        if (!_tokens.SkipName("in"))
            throw _tokens.Unexpected("\"in\"");
        var items = _expressions.ReadTuple(allowsConditional: false, endName: "recursive");
        _expressions.Place = inside;
        var condition = _tokens.SkipName("if") ? _expressions.Read() : null;
        _expressions.Place = outside;
        var isRecursive = _tokens.SkipName("recursive");
        var body = ReadBody(inside, "else", "endfor");
        List<Statement> otherwise = _tokens.SkipName("else") ? ReadBody(outside with { IsConditional = false }, "endfor") : [];
        _tokens.Next();
        return new For(target, items, condition, isRecursive, body, otherwise, line);
    }

    private Statement ReadSet(int line)
    {
        var target = ReadSetTarget();
        if (_tokens.SkipOperator("="))
            return new Set(target, _expressions.ReadTuple(), line);
        var filters = _tokens.SkipOperator("|") ? _expressions.ReadFilters() : [];
        return new Capture(target, filters, ReadBodyToEnd(_expressions.Place with { IsConditional = false }, "endset"), line);
    }

    private Target ReadSetTarget()
    {
        if (!_tokens.Following.IsOperator("."))
            return _expressions.ReadTarget();
        var name = _tokens.Expect(TokenKind.Name, "a name").Text;
        _tokens.Next();
        return new AttributeTarget(name, _tokens.Expect(TokenKind.Name, "a name").Text);
    }

    private Capture ReadFilter(int line)
    {
        var filters = _expressions.ReadFilters();
        return new Capture(null, filters, ReadBodyToEnd(_expressions.Place with { IsConditional = false }, "endfilter"), line);
    }

    private ScopedBlock ReadWith(int line)
    {
        var variables = new List<(Target, Expression)>();
        while (_tokens.Current.Kind is not TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
                _tokens.ExpectOperator(",");
            var target = new VariableTarget(_expressions.ReadVariableName());
            _tokens.ExpectOperator("=");
            variables.Add((target, _expressions.Read()));
        }

        return new ScopedBlock(variables, ReadBodyToEnd(_expressions.Place with { IsConditional = false }, "endwith"), line);
    }

    private MacroDefinition ReadMacro(int line)
    {
        var name = _expressions.ReadVariableName();
        return new MacroDefinition(ReadMacroBody(name, ReadParameters(), "endmacro"), line);
    }

    private CallBlock ReadCall(int line)
    {
        var parameters = _tokens.Current.IsOperator("(") ? ReadParameters() : [];
        return _expressions.Read() is Call call
            ? new CallBlock(call, ReadMacroBody("caller", parameters, "endcall"), line)
            : throw new JinjaException("A call block needs the call of a macro.");
    }

    private List<(string, Expression?)> ReadParameters()
    {
        _tokens.ExpectOperator("(");
        var parameters = new List<(string Name, Expression? Default)>();
        while (!_tokens.SkipOperator(")"))
        {
            if (parameters.Count > 0)
                _tokens.ExpectOperator(",");
            var name = _expressions.ReadVariableName();
            var value = _tokens.SkipOperator("=") ? _expressions.Read() : null;
            if (value is null && parameters.Exists(parameter => parameter.Default is not null))
                throw new JinjaException($"The parameter \"{name}\" needs a default, as one before it has one.");
            parameters.Add((name, value));
        }

        return parameters;
    }

    private Macro ReadMacroBody(string name, List<(string, Expression?)> parameters, string end)
    {
        var outside = _expressions.Place;
        var uses = new HashSet<string>(StringComparer.Ordinal);
        _expressions.Place = outside with { Mentioned = [.. outside.Mentioned, uses] };
        var body = ReadFunctionBody(end);
        _expressions.Place = outside;
        return new Macro(name, parameters, body, uses);
    }

    private Statement ReadLoopControl(Statement control, string tag) => _expressions.Place.IsInLoop
        ? control
        : throw new JinjaException($"The tag \"{tag}\" stands outside of a loop.");
}
