using System.Text.Json;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Jinja;

namespace Tiebreak.Tokenization.Tests.Jinja;

/// <summary>Templates of strangers that would run, recurse or grow without end.</summary>
public sealed class BoundsTests
{
    [Theory]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "levels deep")]
    [InlineData("{% macro f(x) %}{{ f([x]) }}{% endmacro %}{{ f(1) }}", "levels deep")]
    [InlineData("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "levels deep")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}", "levels deep")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x == [ns.x] }}", "levels deep")]
    [InlineData("{% set ns = namespace(x=()) %}{% for i in range(5000) %}{% set ns.x = (ns.x,) %}{% endfor %}{{ {ns.x: 1} }}", "levels deep")]
    [InlineData(
        "{% set ns = namespace(x=[1]) %}{% for i in range(5000) %}{% set ns.x = ns.x|map('string') %}{% endfor %}{{ ns.x|list }}",
        "levels deep")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "steps|creates")]
    [InlineData("{% set ns = namespace(x=[0]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}", "steps|creates")]
    [InlineData("{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", "creates")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x * 9 %}{% endfor %}", "creates")]
    [InlineData("{{ 'ab' * 9999999999999 }}", "creates")]
    [InlineData("{{ 'a'.ljust(999999999) }}", "larger than")]
    [InlineData("{{ '%999999999d' % 1 }}", "too large")]
    [InlineData("{{ ('x' * 9999).replace('', 'y' * 99999) }}", "creates|steps")]
    [InlineData("{{ 9 ** 99999 }}", "bits")]
    [InlineData("{% set ns = namespace(x=9) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}", "bits")]
    [InlineData("{% set a = 'a' * 4000000 %}{{ 'a' * 999999 + 'b' + 'a' * 999999 in a }}", "steps")]
    [InlineData("{% set a, b = 'a' * 9999999, 'a' * 9999999 %}{% for i in range(99999) %}{{ a == b }}{% endfor %}", "steps")]
    [InlineData("{% set a = 'a' * 9999999 %}{% for i in range(99999) %}{{ a|length }}{{ a is lower }}{% endfor %}", "steps")]
    [InlineData("{% set a = '%c' * 9999 %}{% for i in range(99999) %}{% set b = strftime_now(a) %}{% endfor %}", "creates|steps")]
    [InlineData("{{ [{}]|map(attribute='a.' * 999999, default='a')|list }}", "too long")]
    [InlineData("{{ range(9999999) }}", "numbers")]
    [InlineData("{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}", "creates|steps")]
    public void A_bound_is_told(string template, string said)
    {
        var message = Assert.Throws<JinjaException>(() => ChatTemplate.Parse(template).Render(default, default)).Message;
        Assert.Contains(said.Split('|'), part => message.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "[", "1", "]", " }}")]
    [InlineData("{{ ", "not ", "1", "", " }}")]
    [InlineData("{{ ", "- ", "1", "", " }}")]
    [InlineData("{{ 1", " if 1 else 1", "", "", " }}")]
    [InlineData("", "{% if 1 %}", "x", "{% endif %}", "")]
    [InlineData("", "{% macro m() %}", "x", "{% endmacro %}", "")]
    [InlineData("{% for ", "(", "a", ")", " in [] %}{% endfor %}")]
    public void Nesting_is_bounded(string begin, string open, string inner, string close, string end)
    {
        var template = begin + Repeat(open, 10_000) + inner + Repeat(close, 10_000) + end;
        Assert.Contains("nests", Assert.Throws<JinjaException>(() => ChatTemplate.Parse(template)).Message, StringComparison.Ordinal);

        static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
    }

    [Fact]
    public void A_long_sum_is_no_crash() => Assert.Contains(
        "levels deep",
        Assert.Throws<JinjaException>(() => ChatTemplate.Parse("{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 100_000)) + " }}")
            .Render(default, default)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_template_may_not_be_huge() =>
        Assert.Throws<JinjaException>(() => ChatTemplate.Parse(new string('x', JinjaLimits.TemplateCharacters + 1)));

    [Fact]
    public void A_long_conversation_is_within_the_bounds()
    {
        const string Template = "{% for m in messages %}{{ '<' + m.role + '>' + m.content|trim + '</s>' }}{% endfor %}";
        var content = new string('x', 20_000);
        var json = JsonSerializer.SerializeToElement(Enumerable.Range(0, 200).Select(i => new { role = "user", content }));
        var text = ChatTemplate.Parse(Template).Render(json, addGenerationPrompt: false, default, default);
        Assert.Equal(200 * (20_000 + 10), text.Length);
    }

    [Fact]
    public void What_is_wrong_comes_with_its_line()
    {
        var exception = Assert.Throws<JinjaException>(() => ChatTemplate.Parse("a\n\n{{ 1 +\n 'a' }}").Render(default, default));
        Assert.StartsWith("Line 3 of the template: ", exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Line 2 of the template: ", Assert.Throws<JinjaException>(() => ChatTemplate.Parse("\n{% endif %}")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% include 'a' %}", "tag \"include\"")]
    [InlineData("{{ 'a'|urlize }}", "filter \"urlize\"")]
    [InlineData("{{ cycler(1) }}", "function \"cycler\"")]
    [InlineData("{{ 'a'.encode() }}", "method \"encode\"")]
    [InlineData("{{ strftime_now('%Q') }}", "code \"%Q\"")]
    [InlineData("{{ l|map('upper') }}", "printed form")]
    public void What_Tiebreak_lacks_is_refused_by_name(string template, string said)
    {
        var variables = JsonSerializer.SerializeToElement(new { l = new[] { "a" } });
        var message = Assert.Throws<JinjaException>(() => ChatTemplate.Parse(template).Render(variables, default)).Message;
        Assert.Contains("Tiebreak does not support", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_of_the_template_is_its_own_words() => Assert.Equal(
        "Roles must alternate", Assert.Throws<JinjaException>(
            () => ChatTemplate.Parse("{{ raise_exception('Roles must ' ~ 'alternate') }}").Render(default, default)).Message);
}
