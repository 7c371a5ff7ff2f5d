using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>A word of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, the name or the operator; of strings what they stand for.</param>
/// <param name="Line">Line of the template, from 1.</param>
/// <param name="Number">The value of a number.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, Value? Number = null)
{
    /// <summary>What it is called in messages.</summary>
    public string Description => Kind switch
    {
        TokenKind.Text => "text",
        TokenKind.OutputBegin => "\"{{\"",
        TokenKind.OutputEnd => "\"}}\"",
        TokenKind.BlockBegin => "\"{%\"",
        TokenKind.BlockEnd => "\"%}\"",
        TokenKind.String => "a text in quotes",
        TokenKind.End => "the end of the template",
        _ => $"\"{Text}\"",
    };

    public bool IsName(string name) => Kind is TokenKind.Name && string.Equals(Text, name, StringComparison.Ordinal);

    public bool IsOperator(string symbol) => Kind is TokenKind.Operator && string.Equals(Text, symbol, StringComparison.Ordinal);
}

/// <summary>What a token is; text stands outside of tags.</summary>
internal enum TokenKind
{
    Text,
    OutputBegin,
    OutputEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Number,
    Operator,
    End,
}
