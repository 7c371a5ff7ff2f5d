using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Json;

/// <summary>Numbers as all JSON of Tiebreak writes them. JSON has no NaN: what does not exist is null.</summary>
internal static class MetricJson
{
    /// <summary>A number, or null.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>An interval as a list of its two ends.</summary>
    public static JsonArray Range(Interval interval) => new(Number(interval.Lower), Number(interval.Upper));

    /// <summary>A preference as <c>{"a", "b", "tie"}</c>.</summary>
    public static JsonObject Of(Preference preference) => PerOutcome(outcome => Number(preference[outcome]));

    /// <summary>One value for each outcome.</summary>
    public static JsonObject PerOutcome(Func<Outcome, JsonNode?> value) => new()
    {
        ["a"] = value(Outcome.A),
        ["b"] = value(Outcome.B),
        ["tie"] = value(Outcome.Tie),
    };
}
