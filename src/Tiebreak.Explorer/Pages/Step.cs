using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Pages;

/// <summary>Links to what comes before and after, which have keys; nothing where there is no address.</summary>
internal static class Step
{
    public static Html Previous(string? address) => Of(address, "prev", "k ArrowLeft", "← Previous");

    public static Html Next(string? address) => Of(address, "next", "j ArrowRight", "Next →");

    private static Html Of(string? address, string relation, string keys, string text) => address is null
        ? default
        : Html.Of($"<a class=\"button\" rel=\"{relation}\" data-key=\"{keys}\" href=\"{address}\">{text}</a>");
}
