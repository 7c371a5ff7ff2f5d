namespace Tiebreak.Runs.Tests;

/// <summary>The process was killed here.</summary>
internal sealed class DeathException : Exception;
