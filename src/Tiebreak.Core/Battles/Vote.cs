namespace Tiebreak.Core.Battles;

/// <summary>A verdict without the texts: all that a rating needs.</summary>
/// <param name="ModelA">The model on side A.</param>
/// <param name="ModelB">The model on side B.</param>
/// <param name="Verdict">What the person voted.</param>
/// <param name="Weight">How many votes this one stands for.</param>
public readonly record struct Vote(string ModelA, string ModelB, Verdict Verdict, double Weight = 1);
