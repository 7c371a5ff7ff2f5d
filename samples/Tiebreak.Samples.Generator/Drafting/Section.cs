namespace Tiebreak.Samples.Generator.Drafting;

/// <summary>A part of an answer: points under a heading.</summary>
internal sealed record Section(string Heading, IReadOnlyList<Point> Points, bool Ordered = false)
{
    /// <summary>A section of points without titles.</summary>
    public static Section Of(string heading, IReadOnlyList<string> texts, bool ordered = false) =>
        new(heading, [.. texts.Select(text => new Point(text))], ordered);
}
