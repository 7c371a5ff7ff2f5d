namespace Tiebreak.Core.Training;

/// <summary>Something that happened in a training, for a log that people and programs read afterwards.</summary>
/// <param name="Time">When, in UTC.</param>
/// <param name="What">What happened, as a person would say it: "folds finished".</param>
/// <param name="Numbers">Numbers by their names in snake_case: losses, battles, seconds.</param>
public sealed record TrainingEvent(DateTimeOffset Time, string What, IReadOnlyDictionary<string, double> Numbers)
{
    /// <summary>Something that happened just now.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="numbers">Names and values.</param>
    public static TrainingEvent Now(string what, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in numbers)
            named.Add(name, value);
        return new TrainingEvent(DateTimeOffset.UtcNow, what, named);
    }
}
