namespace Tiebreak.Data.Sampling;

/// <summary>How often a property occurs in a set and in a sample of it.</summary>
/// <param name="Property">What was looked at: language, source, turns, verdict or length.</param>
/// <param name="Value">The value: <c>English</c>, <c>2 turns</c>, <c>1024-2047 characters</c>.</param>
/// <param name="Population">The share of the whole set, 0 to 1.</param>
/// <param name="Sample">The share of the sample, 0 to 1.</param>
public sealed record Share(string Property, string Value, double Population, double Sample);
