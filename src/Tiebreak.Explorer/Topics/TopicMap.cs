using Tiebreak.App.Topics;
using Tiebreak.Core;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Explorer.Topics;

/// <summary>
/// Topics as rectangles whose size is the number of their battles, those of an area beside each other (a treemap); the stronger the colour,
/// the more votes are ties.
/// </summary>
/// <param name="document">The topics.</param>
internal sealed class TopicMap(TopicsDocument document) : IPlot
{
    private const double AreaHeading = 18;
    private const double Gap = 2;
    private const double CharacterWidth = 7.4; // on average; wide letters are few
    private const double LineHeight = 16;

    /// <inheritdoc/>
    public string ToSvg() => Draw(width: 1_180, height: 560);

    /// <inheritdoc/>
    public string? ToNarrowSvg() => Draw(width: 340, height: 1_100);

    private string Draw(double width, double height)
    {
        var canvas = new SvgCanvas(width, height, "Topics by number of battles, in areas");
        var areas = document.Topics.Where(topic => topic.Battles > 0).GroupBy(topic => topic.Area)
            .Select(area => (Area: area.Key, Topics: area.OrderByDescending(topic => topic.Battles).ToArray()))
            .OrderByDescending(area => SizeOf(area.Topics)).ToArray();
        var most = document.Topics.Max(topic => topic.Ties ?? 0);
        foreach (var (area, frame) in Place(areas, area => SizeOf(area.Topics), new Frame(0, 0, width, height)))
        {
            Label(canvas, document.Areas[area.Area], frame, line: 0);
            var inside = new Frame(frame.X, frame.Y + AreaHeading, frame.W, frame.H - AreaHeading);
            foreach (var (topic, place) in Place(area.Topics, topic => topic.Battles, inside))
                Draw(canvas, topic, place, most);
        }

        return canvas.ToString();
    }

    private static double SizeOf(PromptTopic[] topics) => topics.Sum(topic => topic.Battles);

    private static void Draw(SvgCanvas canvas, PromptTopic topic, Frame frame, double most)
    {
        var ties = topic.Ties is { } share ? $", ties {NumberText.Percent(share)}" : "";
        var shade = most > 0 ? (topic.Ties ?? 0) / most : 0;
        canvas.Shade(
            frame.X, frame.Y, frame.W - Gap, frame.H - Gap, 0.08 + (0.42 * shade), "a",
            Invariant($"{topic.Number}: {topic.Title}, {topic.Battles:N0} battles{ties}"));
        Label(canvas, topic.Title, frame, line: 0);
        Label(canvas, Invariant($"{topic.Battles:N0}"), frame, line: 1);
    }

    /// <summary>Writes what fits.</summary>
    private static void Label(SvgCanvas canvas, string text, Frame frame, int line)
    {
        var room = (int)((frame.W - Gap - 6) / CharacterWidth);
        if (room < 3 || frame.H - Gap < (line + 1) * LineHeight)
            return;
        canvas.Text(frame.X + 4, frame.Y + 12 + (line * LineHeight), Shortened.Text(text, room));
    }

    /// <summary>
    /// Divides a frame among items by their sizes: in two parts of about equal size along its longer side, and each part again.
    /// </summary>
    private static IEnumerable<(T Item, Frame Frame)> Place<T>(T[] items, Func<T, double> sizeOf, Frame frame)
    {
        if (items.Length == 1)
            return [(items[0], frame)];

        double[] sizes = [.. items.Select(sizeOf)];
        var (cut, first, total) = (1, sizes[0], sizes.Sum());
        while (cut < items.Length - 1 && first + (sizes[cut] / 2) < total / 2)
            first += sizes[cut++];
        var (one, other) = frame.Cut(first / total);
        return [.. Place(items[..cut], sizeOf, one), .. Place(items[cut..], sizeOf, other)];
    }

    private readonly record struct Frame(double X, double Y, double W, double H)
    {
        public (Frame One, Frame Other) Cut(double share) => W >= H
            ? (this with { W = W * share }, this with { X = X + (W * share), W = W * (1 - share) })
            : (this with { H = H * share }, this with { Y = Y + (H * share), H = H * (1 - share) });
    }
}
