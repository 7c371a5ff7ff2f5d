using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Syntax;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja;

/// <summary>
/// A template in the part of Jinja that published chat templates use, rendered exactly as the transformers library renders it: Jinja's
/// immutable sandbox with <c>trim_blocks</c> and <c>lstrip_blocks</c>, loop controls, <c>generation</c> blocks and its own <c>tojson</c>.
/// What is beyond that part is refused by name; whatever a template does stays within <see cref="JinjaLimits"/>. Safe to use from many
/// threads.
/// </summary>
internal sealed class JinjaTemplate
{
    private readonly IReadOnlyList<Statement> _statements;

    private JinjaTemplate(IReadOnlyList<Statement> statements) => _statements = statements;

    /// <summary>Reads a template.</summary>
    /// <exception cref="JinjaException">It is no template, or uses what Tiebreak lacks.</exception>
    public static JinjaTemplate Parse(string template) => new(Parser.Parse(template));

    /// <summary>Renders it.</summary>
    /// <param name="variables">The variables that it is given, made with the meter of this rendering.</param>
    /// <param name="meter">Counts what the rendering does.</param>
    /// <param name="now">The time that <c>strftime_now</c> tells.</param>
    /// <exception cref="JinjaException">It refuses its input, does something impossible, or reaches a bound.</exception>
    public string Render(IEnumerable<(string Name, Value Value)> variables, Meter meter, DateTime now)
    {
        var rendering = new Rendering(meter, variables, now);
        try
        {
            rendering.Execute(_statements);
            return rendering.Output.ToString();
        }
        catch (JinjaException exception)
        {
            exception.LocateAt(rendering.Line);
            throw;
        }
    }
}
