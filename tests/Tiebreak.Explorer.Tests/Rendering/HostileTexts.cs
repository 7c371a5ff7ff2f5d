namespace Tiebreak.Explorer.Tests.Rendering;

/// <summary>
/// Attempts to run a script from a text: 31 ways to write one, each in eight places of Markdown. If one succeeds, the root element gets the
/// attribute <c>data-broken</c>, which a browser's test looks for.
/// </summary>
internal static class HostileTexts
{
    private const string Script = "document.documentElement.setAttribute('data-broken',1)";

    private static readonly string[] Attempts =
    [
        $"<script>{Script}</script>",
        $"<SCRIPT >{Script}</SCRIPT >",
        $"<scr<script>ipt>{Script}</scr</script>ipt>",
        $"<img src=x onerror=\"{Script}\">",
        $"<img src=x onerror={Script}//",
        $"<img\tsrc=x\nonerror='{Script}'>",
        $"<svg onload=\"{Script}\">",
        $"<svg><script>{Script}</script></svg>",
        $"<svg/onload={Script}>",
        $"<svg><animate onbegin=\"{Script}\" attributeName=x dur=1s>",
        $"<body onload=\"{Script}\">",
        $"<iframe src=\"javascript:parent.{Script}\"></iframe>",
        $"<iframe srcdoc=\"<script>parent.{Script}</script>\"></iframe>",
        $"<object data=\"javascript:{Script}\"></object>",
        $"<embed src=\"javascript:{Script}\">",
        $"<details open ontoggle=\"{Script}\">",
        $"<input autofocus onfocus=\"{Script}\">",
        $"<video><source onerror=\"{Script}\"></video>",
        $"<audio src=x onerror=\"{Script}\">",
        $"<marquee onstart=\"{Script}\">x</marquee>",
        $"<math><mi xlink:href=\"javascript:{Script}\">x</mi></math>",
        $"<a href=\"javascript:{Script}\" autofocus onfocus=\"{Script}\">x</a>",
        $"<form action=\"javascript:{Script}\"><button autofocus>x</button></form>",
        $"<meta http-equiv=refresh content=\"0;url=javascript:{Script}\">",
        $"<base href=\"javascript:{Script}//\">",
        $"<style>@import 'javascript:{Script}'; body {{ display: none }}</style>",
        $"<link rel=stylesheet href=\"data:text/css,*{{display:none}}\" onload=\"{Script}\">",
        $"</textarea></title></style></script><img src=x onerror=\"{Script}\">",
        $"\" autofocus onfocus=\"{Script}\" x=\"",
        $"' autofocus onfocus='{Script}' x='",
        $"--><!--><img src=x onerror=\"{Script}\">",
    ];

    private static readonly Func<string, string>[] Places =
    [
        text => text,
        text => $"[text]({text})",
        text => $"![{text}](javascript:{Script} \"{text}\")",
        text => $"```{text}\n{text}\n```",
        text => $"| {text} | b |\n|---|---|\n| {text} | `{text}` |",
        text => $"# {text}\n> - **{text}**",
        text => $"<javascript:{Script}> <http://x/{text}> &lt;{text}&gt;",
        text => $"[r]: javascript:{Script} '{text}'\n\n[{text}][r] $x{text}$ \\({text}\\)",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Places.SelectMany(place => Attempts.Select(place))];
}
