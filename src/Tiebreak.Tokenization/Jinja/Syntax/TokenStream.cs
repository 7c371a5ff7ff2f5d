namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>The tokens of a template, read one after the other.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    private int _at;
    private int _depth;

    public Token Current => tokens[_at];

    public Token Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>Gives the current token and goes on to the next one.</summary>
    public Token Next()
    {
        var token = Current;
        _at = Math.Min(_at + 1, tokens.Count - 1);
        return token;
    }

    public bool SkipName(string name) => Skip(Current.IsName(name));

    public bool SkipOperator(string symbol) => Skip(Current.IsOperator(symbol));

    public Token Expect(TokenKind kind, string wanted) => Current.Kind == kind ? Next() : throw Unexpected(wanted);

    public void ExpectOperator(string symbol)
    {
        if (!SkipOperator(symbol))
            throw Unexpected($"\"{symbol}\"");
    }

    public JinjaException Unexpected(string wanted) => new($"{Current.Description} stands where {wanted} is expected.");

    /// <summary>Goes one level deeper into the grammar; to be followed by <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++_depth > JinjaLimits.Nesting)
            throw new JinjaException($"It nests more than {JinjaLimits.Nesting} levels deep.");
    }

    public void Leave() => _depth--;

    private bool Skip(bool isWanted)
    {
        if (isWanted)
            Next();
        return isWanted;
    }
}
