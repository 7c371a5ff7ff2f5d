namespace Tiebreak.Reports.Documents;

/// <summary>A curve in a line of text: a block for each part of it, the higher the larger the value.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Draws values from left to right.</summary>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="width">Characters, at most; where there are more values, each stands for the mean of several.</param>
    public static string Of(IReadOnlyList<double> values, int width = 24)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return "";
        double[] parts = [.. finite.Chunk((finite.Length + width - 1) / width).Select(part => part.Average())];
        var (low, high) = (parts.Min(), parts.Max());
        return string.Concat(parts.Select(value =>
            Blocks[high > low ? (int)Math.Round((value - low) / (high - low) * (Blocks.Length - 1)) : 0]));
    }
}
