using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Benchmarks;

/// <summary>A score with its interval, and what baselines get.</summary>
/// <param name="Name">Its name in the benchmark.</param>
/// <param name="Value">The score, 0 to 1.</param>
/// <param name="Interval">95 % interval, by bootstrap over prompts.</param>
/// <param name="Rows">What it was counted over: battles, or prompts where a prompt counts as a whole.</param>
/// <param name="Constant">What a judge gets that always prefers the side which it reads first.</param>
/// <param name="Random">What a coin gets, thrown anew for every battle and order.</param>
/// <param name="LongerWins">What a judge gets that prefers the longer response.</param>
public sealed record BenchmarkScore(
    string Name,
    double Value,
    [property: JsonPropertyName("ci")] Interval Interval,
    int Rows,
    double Constant,
    double Random,
    double LongerWins);
