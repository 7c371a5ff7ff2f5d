namespace Tiebreak.Data.Auditing;

/// <summary>How long the texts of one kind are, all turns of a battle together.</summary>
/// <param name="Text">Prompt, response A, response B, or the whole battle in tokens (see <see cref="Tiebreak.Text.TokenCounter"/>).</param>
/// <param name="Mean">Mean, in characters (UTF-16 units) unless the text says tokens.</param>
/// <param name="Median">Half are shorter.</param>
/// <param name="P90">Nine in ten are shorter.</param>
/// <param name="P99">99 in 100 are shorter.</param>
/// <param name="Longest">The longest.</param>
public sealed record LengthSummary(string Text, double Mean, double Median, double P90, double P99, int Longest);
