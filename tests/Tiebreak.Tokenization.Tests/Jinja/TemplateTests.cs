using System.Text.Json;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Jinja;

namespace Tiebreak.Tokenization.Tests.Jinja;

/// <summary>What templates give, construct by construct; every expected text was made by Jinja 3.1.6 with the settings of transformers.</summary>
public sealed class TemplateTests
{
    private static readonly JsonElement Variables = JsonDocument.Parse(
        """
        {"s": "Hello wörld 😀", "n": 7, "f": 2.5, "l": [3, 1, 2],
        "words": ["b", "A", "a"], "d": {"b": 1, "a": 2},
        "m": [{"role": "user", "content": " hi "}, {"role": "assistant", "content": "yo"}], "nothing": null,
        "tree": [{"n": "a", "c": [{"n": "b"}, {"n": "c", "c": [{"n": "d"}]}]}]}
        """).RootElement;

    /// <summary>Literals, operators, comparisons, items and slices.</summary>
    public static TheoryData<string, string> Expressions => new()
    {
        {
            "{{ 1 }} {{ 1.0 }} {{ 1e16 }} {{ 1e-5 }} {{ 1_000 }} {{ 0x1F }} {{ 123456789012345678901234567890 }}",
            "1 1.0 1e+16 1e-05 1000 31 123456789012345678901234567890"
        },
        {
            "{{ true }} {{ False }} {{ none }} {{ [1, 'a', \"it's\", none, 1.5, {}] }} {{ (1,) }} {{ () }} {{ {'a': "
            + "[true], 2: 'b'} }}",
            "True False None [1, 'a', \"it's\", None, 1.5, {}] (1,) () {'a': [True], 2: 'b'}"
        },
        {
            "{{ 'a' 'b' }} {{ 'tab\\there \\x41\\u00e9\\101 \\d' }} {{ \"q\\\"q\" }}",
            "ab tab\there AéA \\d q\"q"
        },
        {
            "{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7.5 % -2 }} {{ 2 ** 3 ** 2 }} {{ "
            + "-2 ** 2 }} {{ 2 ** -1 }}",
            "5.0 3 -4 2 -0.5 64 4 0.5"
        },
        {
            "{{ 'ab' * 3 }} {{ [1] * 2 + [2] }} {{ true + true }} {{ 'a' ~ 1 ~ none ~ 1.5 }} {{ 1 ~ 2 * 3 }}",
            "ababab [1, 1, 2] 2 a1None1.5 16"
        },
        {
            "{{ 1 == 1.0 }} {{ 1 == true }} {{ '1' == 1 }} {{ (1, 2) == [1, 2] }} {{ {'a': 1} == {'a': 1.0} }} {{ "
            + "[1, 2] < [1, 3] }} {{ 'Z' < 'a' }}",
            "True True False False True True True"
        },
        {
            "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ not 1 == 2 }} {{ 2 in [1, 2] }} {{ 'b' not in 'abc' }} {{ 'a' in "
            + "d }} {{ 1.0 in [1] }}",
            "True False True True False True True"
        },
        {
            "{{ 0 or 'x' }} {{ 1 and '' }}| {{ 'a' if n > 5 else 'b' }} {{ 'a' if n > 9 }}| {{ 'a' if 0 else 'b' if 0 else 'c' }}",
            "x | a | c"
        },
        {
            "{{ l[0] }} {{ l[-1] }} {{ l[5] }}| {{ l[1:] }} {{ l[::-1] }} {{ l[-2:] }} {{ l[:1] }} {{ (1, 2, 3)[1:] "
            + "}} {{ range(9)[2::3] }}",
            "3 2 | [1, 2] [2, 1, 3] [1, 2] [3] (2, 3) range(2, 9, 3)"
        },
        {
            "{{ s[0] }} {{ s[-1] }} {{ s[::-1] }} {{ s[6:11] }} {{ s[-1:0:-4] }} {{ s|length }}",
            "H 😀 😀 dlröw olleH wörld 😀ro 13"
        },
        {
            "{{ d.a }} {{ d['b'] }} {{ d.zz }}| {{ m[0].role }} {{ m.1.content }} {{ d.items is defined }} {{ d['items'] "
            + "is defined }}",
            "2 1 | user yo True True"
        },
        {
            "{{ missing }}| {{ missing == missing }} {{ not missing }} {{ missing is defined }} {{ missing|default('d') "
            + "}} {{ [missing] }}",
            "| True True False d [Undefined]"
        },
        {
            "{{ 1, 2 }} {{ d.keys() }} {{ d.items()|list }} {{ range(3) }} {{ range(5, 1, -2)|list }} {{ dict(a=1, "
            + "b=2) }} {{ namespace(a=1) }}",
            "(1, 2) dict_keys(['b', 'a']) [('b', 1), ('a', 2)] range(0, 3) [5, 3] {'a': 1, 'b': 2} <Namespace {'a': 1}>"
        },
        {
            "{{ '%s has %d: %.2f|%5s|%-4d|%04d' % ('x', 3, 2.675, 'r', 5, -7) }} {{ '%(a)s' % d }} {{ '{} {1} {k}'.format(1, "
            + "2, k=3)|default('-') if false else '{} {k}'.format(1, k=3) }}",
            "x has 3: 2.67|    r|5   |-007 2 1 3"
        },
    };

    /// <summary>Blocks, and what of a variable leaves them.</summary>
    public static TheoryData<string, string> Statements => new()
    {
        {
            "{% if n > 9 %}a{% elif n > 5 %}b{% else %}c{% endif %}{% if '' %}d{% endif %}",
            "b"
        },
        {
            "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first "
            + "}}{{ loop.last }}{{ loop.length }}{{ x }};{% endfor %}",
            "1032TrueFalse33;2121FalseFalse31;3210FalseTrue32;"
        },
        {
            "{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }}{{ loop.cycle('o', 'e') }}{{ loop.changed(x "
            + "> 1) }} {% endfor %}",
            "<3>1oTrue 3<1>2eTrue 1<2>oTrue "
        },
        {
            "{% for x in l if x > 1 %}{{ loop.length }}{{ x }}{% else %}none{% endfor %}{% for x in [] %}{% else "
            + "%}empty{% endfor %}",
            "2322empty"
        },
        {
            "{% for k, v in d.items() %}{{ k }}{{ v }}{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b "
            + "}}{{ c }}{% endfor %}",
            "b1a2123"
        },
        {
            "{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% if loop.last %}{% break %}{% endif %}{% endfor %}",
            "32"
        },
        {
            "{% for x in [1] %}{% break %}{% else %}no run came to its end{% endfor %}",
            "no run came to its end"
        },
        {
            "{% for x in tree recursive %}{{ x.n }}{{ loop.depth }}{% if x.c %}({{ loop(x.c) }}){% endif %}{% endfor %}",
            "a1(b2c2(d3))"
        },
        {
            "{% for c in 'a😀' %}[{{ c }}]{% endfor %}{% for i in [1, 2] %}{{ y is defined }}{% set y = i %}{% endfor "
            + "%}{{ y is defined }}",
            "[a][😀]FalseFalseFalse"
        },
        {
            "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}{% for i in [1] %}{% set x = 3 %}{{ x }}{% "
            + "endfor %}{{ x }}",
            "232"
        },
        {
            "{% set a, b = 1, 2 %}{% set a, b = b, a %}{{ a }}{{ b }}{% set t %} x{{ a }} {% endset %}[{{ t }}]{% "
            + "set u | upper | trim %} ab {% endset %}[{{ u }}]",
            "21[ x2 ][AB]"
        },
        {
            "{% set ns = namespace(found=false, n=0) %}{% for i in l %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n "
            + "}}{{ ns.found }}{{ ns['n'] }}{{ ns.other is defined }}",
            "6False6False"
        },
        {
            "{% macro m(a, b='d', c=a) %}[{{ a }},{{ b }},{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(c=3, "
            + "a=1) }}{{ m() }}{{ m }}",
            "[1,d,1][1,2,1][1,d,3][,d,]<Macro 'm'>"
        },
        {
            "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, k='v') }}{{ m(*[1, 2], **{'z': 3}) }}",
            "1(2,){'k': 'v'}1(2,){'z': 3}"
        },
        {
            "{% macro list(name) %}<{{ caller(name) }}>{% endmacro %}{% call(x) list('n') %}body {{ x }}{% endcall %}",
            "<body n>"
        },
        {
            "{% macro f(x, depth=0) %}{{ '-' * depth }}{{ x.n }}{% for c in x.c or [] %}{{ f(c, depth + 1) }}{% endfor "
            + "%}{% endmacro %}{{ f(tree[0]) }}",
            "a-b-c--d"
        },
        {
            "{% set g = 1 %}{% macro m() %}{{ g }}{% set g = 2 %}{{ g }}{% endmacro %}{{ m() }}{{ g }}",
            "121"
        },
        {
            "{% filter upper %}abc {{ 'd' }}{% endfilter %}{% with a = 1, b = n %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}",
            "ABC D17False"
        },
        {
            "{% for x in m %}{% generation %}{{ x.role }}{% set q = 1 %}{% endgeneration %}{% endfor %}{{ q is defined }}",
            "userassistantFalse"
        },
        {
            "{% raw %}{{ x }}{% if %}{% endraw %}{# a comment {{ #}{% if true: %}colon{% endif %}",
            "{{ x }}{% if %}colon"
        },
    };

    /// <summary>Which white space around tags stays.</summary>
    public static TheoryData<string, string> WhiteSpace => new()
    {
        {
            "a\n{% if true %}\nb\n{% endif %}\nc\n",
            "a\nb\nc"
        },
        {
            "a\n  {% if true %}  \n  b\n  {% endif %}\nc\n\n",
            "a\n  \n  b\nc\n"
        },
        {
            "x {{- ' y ' -}} z{%- if true -%}  t  {%- endif %} u",
            "x y zt u"
        },
        {
            "  {{ 'y' }}\n\n  {# c #}\nz {#- d -#} e",
            "  y\n\nze"
        },
        {
            "a\r\n{% if true %}\r\nb\r{% endif %}c",
            "a\nb\nc"
        },
        {
            "  {%+ if true %}x{% endif +%}\ny",
            "  x\ny"
        },
        {
            "a\n  {%- raw -%}  {{ y }}  {%- endraw -%}  \n b",
            "a{{ y }}b"
        },
        {
            "\n\n{{ 'multi\nline' }}\n\n",
            "\n\nmulti\nline\n"
        },
    };

    /// <summary>What filters give.</summary>
    public static TheoryData<string, string> Filters => new()
    {
        {
            "{{ ' a '|trim }}|{{ 'xax'|trim('x') }} {{ 'aB'|upper }} {{ 'Straße'|upper }} {{ 'hELLO wORLD'|capitalize "
            + "}} {{ \"it's o'neil x-y\"|title }}",
            "a|a AB STRASSE Hello world It's O'neil X-Y"
        },
        {
            "{{ l|length }} {{ l|first }} {{ l|last }} {{ l|sum }} {{ l|max }} {{ l|min }} {{ l|sort }} {{ words|sort "
            + "}} {{ words|sort(case_sensitive=true, reverse=true) }}",
            "3 3 2 6 3 1 [1, 2, 3] ['A', 'a', 'b'] ['b', 'a', 'A']"
        },
        {
            "{{ words|unique|list }} {{ l|reverse|list }} {{ 'abc'|reverse }} {{ l|join('-') }} {{ m|join(', ', attribute='ro"
            + "le') }} {{ 'ab'|list }}",
            "['b', 'A'] [2, 1, 3] cba 3-1-2 user, assistant ['a', 'b']"
        },
        {
            "{{ m|map(attribute='role')|list }} {{ l|map('string')|list }} {{ m|map(attribute='x.y', default='-')|join "
            + "}} {{ words|map('upper')|join }}",
            "['user', 'assistant'] ['3', '1', '2'] -- BAA"
        },
        {
            "{{ l|select('odd')|list }} {{ l|reject('gt', 1)|list }} {{ m|selectattr('role', 'equalto', 'user')|list|length "
            + "}} {{ m|rejectattr('x')|list|length }}",
            "[3, 1] [1] 1 2"
        },
        {
            "{{ nothing|default('d') }} {{ nothing|default('d', true) }} {{ missing|default }}| {{ d|dictsort }} "
            + "{{ d|dictsort(by='value', reverse=true) }} {{ d|items|list }}",
            "None d | [('a', 2), ('b', 1)] [('a', 2), ('b', 1)] [('b', 1), ('a', 2)]"
        },
        {
            "{{ '3.9'|int }} {{ 'x'|int(7) }} {{ '0x1f'|int(base=16) }} {{ -3.9|int }} {{ '1.5'|float }} {{ 2.5|round "
            + "}} {{ 2.675|round(2) }} {{ 2.1|round(0, 'ceil') }} {{ -3|abs }}",
            "3 7 31 -3 1.5 2.0 2.67 3.0 3"
        },
        {
            "{{ 'aXbX'|replace('X', '-') }} {{ 'aXbX'|replace('X', '-', 1) }} {{ 'a\\nb\\n\\nc'|indent(2) }} {{ 'a\\nb'|inden"
            + "t('> ', first=true) }} {{ 'a'|center(5) }}|",
            "a-b- a-bX a\n  b\n\n  c > a\n> b   a  |"
        },
        {
            "{{ '<a href=\"x\">&'|e }} {{ '<b>'|safe }} {{ ('<b>'|safe) + '<i>' }} {{ '<b>'|safe ~ '&' }} {{ '&'|safe|e "
            + "}} {{ '<'|escape|upper }}",
            "&lt;a href=&#34;x&#34;&gt;&amp; <b> <b>&lt;i&gt; <b>& & &LT;"
        },
        {
            "{{ [1, 2, 3, 4, 5]|batch(2, 0)|list }} {{ [1, 2, 3, 4, 5]|slice(2)|list }} {{ m|groupby('role')|map('first')|lis"
            + "t }} {{ 'a b c d e'|truncate(6, false, '.', 0) }}",
            "[[1, 2], [3, 4], [5, 0]] [[1, 2, 3], [4, 5]] ['assistant', 'user'] a b."
        },
        {
            "{{ d|tojson }} {{ m|tojson(indent=2) }} {{ 'é\"\\n\\u2028'|tojson }} {{ 'é'|tojson(ensure_ascii=true) "
            + "}} {{ d|tojson(sort_keys=true, separators=(',', ':')) }}",
            "{\"b\": 1, \"a\": 2} [\n  {\n    \"role\": \"user\",\n    \"content\": \" hi \"\n  },\n  {\n    \"role\": "
            + "\"assistant\",\n    \"content\": \"yo\"\n  }\n] \"é\\\"\\n\u2028\" \"\\u00e9\" {\"a\":2,\"b\":1}"
        },
        {
            "{{ [1.0, none, true, {1: 'a'}]|tojson }} {{ []|tojson(indent=1) }} {{ 'a b/?c=é'|urlencode }} {{ {'a': "
            + "'b&'}|xmlattr }} {{ 1234567|filesizeformat }} {{ 'two wörds 😀'|wordcount }}",
            "[1.0, null, true, {\"1\": \"a\"}] [] a%20b/%3Fc%3D%C3%A9  a=\"b&amp;\" 1.2 MB 2"
        },
    };

    /// <summary>Methods of texts, lists and dictionaries.</summary>
    public static TheoryData<string, string> Methods => new()
    {
        {
            "[{{ ' a '.strip() }}] [{{ 'xxaxy'.strip('yx') }}] [{{ ' a '.lstrip() }}] [{{ 'aab'.rstrip('b') }}] {{ "
            + "'<think>x'.lstrip('<think>') }}",
            "[a] [a] [a ] [aa] x"
        },
        {
            "{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', "
            + "1) }} {{ ' a b c '.split(none, 1) }} {{ 'a\\nb\\r\\nc'.splitlines() }}",
            "['a', 'b', '', 'c'] ['a', 'b'] ['a', 'b,c'] ['a,b', 'c'] ['a', 'b c '] ['a', 'b', 'c']"
        },
        {
            "{{ 'x</think>\\n\\ny'.split('</think>')[-1].lstrip('\\n') }} {{ 'abc'.startswith(('x', 'ab')) }} {{ "
            + "'abc'.endswith('bc') }} {{ 'abc'.startswith('b', 1) }}",
            "y True True True"
        },
        {
            "{{ 'aXbX'.replace('X', '-', 1) }} {{ 'abc'.replace('', '.') }} {{ 'abcb'.find('b') }} {{ 'abcb'.rfind('b') "
            + "}} {{ 'abc'.find('x') }} {{ 'abcb'.count('b') }} {{ 'abc'.index('c') }}",
            "a-bX .a.b.c. 1 3 -1 2 2"
        },
        {
            "{{ ','.join(words) }} {{ 'a b'.title() }} {{ 'Ab'.swapcase() }} {{ 'ab'.capitalize() }} {{ 'AB'.lower() "
            + "}} {{ \"it's\".title() }} {{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }}",
            "b,A,a A B aB Ab ab It'S ('a', '=', 'b=c') ('a=b', '=', 'c')"
        },
        {
            "{{ '12'.isdigit() }} {{ 'a1'.isalnum() }} {{ 'ab'.isalpha() }} {{ ' '.isspace() }} {{ 'AB'.isupper() "
            + "}} {{ 'a'.islower() }} {{ '²'.isdigit() }} {{ '²'.isdecimal() }}",
            "True True True True True True True False"
        },
        {
            "{{ '-7'.zfill(4) }} {{ 'a'.ljust(3) }}| {{ 'a'.rjust(3, '.') }} {{ 'a'.center(4, '*') }} {{ 'a\\tb'.expandtabs(4"
            + ") }} {{ 'pre-x'.removeprefix('pre-') }} {{ 'x.py'.removesuffix('.py') }}",
            "-007 a  | ..a *a** a   b x x"
        },
        {
            "{{ d.get('a') }} {{ d.get('q') }} {{ d.get('q', 'x') }} {{ d.values()|list }} {{ d.copy() }} {{ [1, "
            + "2, 1].count(1) }} {{ l.index(2) }}",
            "2 None x [1, 2] {'b': 1, 'a': 2} 2 2"
        },
    };

    /// <summary>What tests hold for.</summary>
    public static TheoryData<string, string> Tests => new()
    {
        {
            "{{ n is defined }} {{ q is undefined }} {{ nothing is none }} {{ true is boolean }} {{ 1 is boolean "
            + "}} {{ 1 is true }} {{ false is false }}",
            "True True True True False False True"
        },
        {
            "{{ 1 is number }} {{ true is number }} {{ true is integer }} {{ 1 is integer }} {{ 1.0 is float }} {{ "
            + "'s' is string }} {{ d is mapping }} {{ l is mapping }}",
            "True True False True True True True False"
        },
        {
            "{{ l is sequence }} {{ 's' is sequence }} {{ 1 is sequence }} {{ l is iterable }} {{ 1 is iterable }} "
            + "{{ missing is iterable }} {{ range is callable }} {{ 'a'|e is escaped }}",
            "True True False True False True True True"
        },
        {
            "{{ 3 is odd }} {{ 3 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 1 is eq 1 }} {{ "
            + "1 is ne 2 }} {{ 1 is lt 2 }} {{ 2 is ge 2 }} {{ 1 is in [1] }} {{ none is sameas none }}",
            "True False True False True True True True True True"
        },
        {
            "{{ n is not string }} {{ not n is string }} {{ 'ab' is lower }} {{ 'AB' is upper }} {{ 'upper' is filter "
            + "}} {{ 'odd' is test }} {{ 1 is defined == true }}",
            "True True True True True True True"
        },
    };

    [Theory]
    [MemberData(nameof(Expressions))]
    [MemberData(nameof(Statements))]
    [MemberData(nameof(WhiteSpace))]
    [MemberData(nameof(Filters))]
    [MemberData(nameof(Methods))]
    [MemberData(nameof(Tests))]
    public void A_template_gives_what_Jinja_gives(string template, string expected) =>
        Assert.Equal(expected, ChatTemplate.Parse(template).Render(Variables, new DateTime(2026, 7, 1)));

    [Theory]
    [InlineData("{{ missing.x }}")]
    [InlineData("{{ 'a' + 1 }}")]
    [InlineData("{{ 'a' + none }}")]
    [InlineData("{{ 1 < 'a' }}")]
    [InlineData("{{ 1 in none }}")]
    [InlineData("{{ 5|length }}")]
    [InlineData("{{ l.append(1) }}")]
    [InlineData("{{ d.update({}) }}")]
    [InlineData("{{ {[1]: 2} }}")]
    [InlineData("{{ 1 / 0 }}")]
    [InlineData("{{ 5 % 0 }}")]
    [InlineData("{{ [][::0] }}")]
    [InlineData("{{ 'abc'.split('') }}")]
    [InlineData("{{ 'abc'.index('x') }}")]
    [InlineData("{{ none.strip() }}")]
    [InlineData("{{ ''.__class__.__mro__ }}")]
    [InlineData("{{ range(100001) }}")]
    [InlineData("{{ x() }}")]
    [InlineData("{% for a, b in [1] %}{% endfor %}")]
    [InlineData("{% for a in none %}{% endfor %}")]
    [InlineData("{% set nope.x = 1 %}")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(x=1) }}")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}")]
    [InlineData("{{ [1, 'a']|sort }}")]
    [InlineData("{{ missing|tojson }}")]
    [InlineData("{{ range(2)|tojson }}")]
    [InlineData("{{ 'a'|nofilter }}")]
    [InlineData("{{ 'a' is notest }}")]
    [InlineData("{{ 1 is odd is even }}")]
    [InlineData("{% if true %}x")]
    [InlineData("{% endif %}")]
    [InlineData("{% foo %}")]
    [InlineData("{% break %}")]
    [InlineData("{% set loop = 1 %}{% for x in l %}{% set loop = 2 %}{% endfor %}")]
    [InlineData("{{ a b }}")]
    [InlineData("{{ [1, }}")]
    [InlineData("{{ }}")]
    [InlineData("{{ f(a=1, 2) }}")]
    [InlineData("{{ 'a }}")]
    [InlineData("{{ !a }}")]
    [InlineData("{# no end")]
    [InlineData("{% raw %} no end")]
    [InlineData("{% set true = 1 %}")]
    [InlineData("{% for x in [1] %}{% generation %}{% break %}{% endgeneration %}{% endfor %}")]
    [InlineData("{% macro m(a=1, b) %}{% endmacro %}")]
    [InlineData("{% call 5 %}{% endcall %}")]
    [InlineData("{{ l[] }}")]
    [InlineData("{{ a.'b' }}")]
    public void What_Jinja_refuses_is_refused(string template) =>
        Assert.Throws<JinjaException>(() => ChatTemplate.Parse(template).Render(Variables, default));
}
