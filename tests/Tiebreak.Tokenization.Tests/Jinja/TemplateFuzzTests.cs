using System.Text.Json;
using CsCheck;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Jinja;

namespace Tiebreak.Tokenization.Tests.Jinja;

/// <summary>Random templates give a text or a sentence, and nothing else.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly string[] Pieces =
    [
        "{{ ", " }}", "{% ", " %}", "{%- ", " -%}", "{# ", " #}", "\n", " ", "text", "if ", "elif ", "else", "endif", "for ", " in ", "endfor",
        "set ", "endset", "macro ", "endmacro", "call ", "endcall", "filter ", "endfilter", "raw", "endraw", "break", "continue", "generation",
        "endgeneration", "recursive", "x", "m", "loop", "messages", "namespace(a=1)", "range(9)", "(", ")", "[", "]", "{", "}", ",", ":", ".",
        "|", "~", "+", "-", "*", "/", "//", "%", "**", "==", "<", " not ", " and ", " or ", " is ", "=", "1", "2.5", "'a'", "\"b\\n\"", "none",
        "true", "upper", "trim", "length", "tojson", "map", "select", "sort", "join", "defined", "string", "strip()", "split(',')", "[0]", "[1:]",
        "role", "content", "items()", "m()", "loop.index", "\u00e9", "\ud83d\ude00", "\\", "'", "&",
    ];

    private static readonly JsonElement Messages = JsonSerializer.SerializeToElement(new[]
    {
        new { role = "user", content = "a" }, new { role = "assistant", content = "b" },
    });

    private static readonly Gen<string> Loose = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40].Select(string.Concat);

    // Most loose pieces are no template: whole tags around expressions reach the evaluation.
    private static readonly Gen<string> Tagged = Gen.Int[30, Pieces.Length - 1].Select(i => Pieces[i]).Array[1, 7].Select(string.Concat).Array[1, 4]
        .Select(expressions => string.Concat(expressions.Select((expression, i) => i % 2 == 0
            ? $"{{{{ {expression} }}}}"
            : $"{{% for x in {expression} %}}{{{{ x }}}}{{{{ loop.last }}}}{{% endfor %}}")));

    [Fact]
    public void A_template_renders_or_is_refused() => Gen.OneOf(Loose, Tagged).Sample(
        template =>
        {
            try
            {
                Assert.NotNull(ChatTemplate.Parse(template).Render(Messages, addGenerationPrompt: true, default, default));
            }
            catch (JinjaException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        },
        iter: 20_000);
}
