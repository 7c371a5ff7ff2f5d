namespace Tiebreak.Benchmarks;

/// <summary>A part of a layer, and the least time that it took.</summary>
/// <param name="Name">The part.</param>
/// <param name="Time">The least of several runs.</param>
/// <param name="IsLinear">Whether it is linear layers only.</param>
internal sealed record LayerPart(string Name, TimeSpan Time, bool IsLinear = false);
