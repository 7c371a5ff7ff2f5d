using Tiebreak.Core;

namespace Tiebreak.Tokenization.Jinja;

/// <summary>A template cannot be read or rendered: it is wrong, it asks for more than its bounds allow, or it refuses its input.</summary>
internal sealed class JinjaException : TiebreakException
{
    /// <param name="problem">What is wrong, as a sentence without the line.</param>
    public JinjaException(string problem)
        : base(problem) => Code = ErrorCodes.Input;

    /// <summary>Line of the template, from 1; 0 where it is not known or not told.</summary>
    public int Line { get; private set; }

    /// <summary>True where the template itself called <c>raise_exception</c>: the message is then its own, word for word.</summary>
    public bool IsRefusal { get; init; }

    /// <inheritdoc/>
    public override string Message => Line == 0 || IsRefusal ? base.Message : $"Line {Line} of the template: {base.Message}";

    /// <summary>Says where it happened, unless that is known already.</summary>
    public void LocateAt(int line)
    {
        if (Line == 0)
            Line = line;
    }

    /// <summary>Something that Jinja has and Tiebreak lacks.</summary>
    /// <param name="what">What: <c>the filter "urlize"</c>.</param>
    public static JinjaException Unsupported(string what) =>
        new($"Tiebreak does not support {what}; its chat templates are the part of Jinja that published models use.");
}
