using System.Text.Json.Serialization;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs;

namespace Tiebreak.App.Predicting;

/// <summary>What became of a rehearsal, and how long the real test will take.</summary>
public sealed record RehearsalDocument : RunDocument
{
    /// <summary>A judge that worked for less, in seconds, has hardly warmed up.</summary>
    private const double ShortSeconds = 20;

    internal RehearsalDocument(RunDocument run)
        : base(run)
    {
    }

    /// <summary>How many battles were drawn for each kind of nastiness.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyDictionary<string, int> Nasty { get; init; }

    /// <summary>Seconds that a test of the competition's size would take, from start to end; null where nothing can be said.</summary>
    [JsonPropertyOrder(1)]
    [JsonPropertyName("seconds_for_25000")]
    public double? SecondsForCompetition => Forecast?.Seconds;

    /// <summary>The forecast of a real test; null if not one shard was finished.</summary>
    [JsonIgnore]
    public RehearsalForecast? Forecast { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Section> Sections()
    {
        yield return new Paragraph(
            Invariant($"The rehearsal has {Rows:N0} battles. Drawn on purpose: ") +
            string.Join(", ", Nasty.Select(kind => Invariant($"{kind.Value:N0} {kind.Key}"))) + ".");
        foreach (var section in base.Sections())
            yield return section;
        yield return new Paragraph("The submission is valid.");
        if (Forecast is not { } forecast)
        {
            yield return new Paragraph("Not one shard was finished, so nothing can be said about the time of a real test.");
            yield break;
        }

        yield return new Paragraph(
            Invariant($"A test of {forecast.Rows:N0} battles would take {forecast.Seconds:N1} s from start to end, ") +
            Invariant($"{forecast.JudgingSeconds:N1} s of them for judging {(forecast.Orders == 1 ? "one order" : "both orders")}."));
        if (Rows < forecast.Rows && JudgeSeconds < ShortSeconds)
        {
            yield return new Paragraph(
                "This rehearsal was short, and programs are slow in their first seconds, so it may well be less. " +
                "Rehearse more battles to know.");
        }
    }
}

/// <summary>The time of a real test, from the start of the program to its end.</summary>
public sealed record RehearsalForecast
{
    internal RehearsalForecast(RunDocument run, double oneOrderSeconds, double openingSeconds, double readingSeconds, int rows)
    {
        (Rows, Orders) = (rows, run.SecondOrder is SecondOrder.None ? 1 : 2);
        JudgingSeconds = oneOrderSeconds * Orders / run.Workers;
        var writing = Math.Max(0, run.Seconds - (run.JudgeSeconds / run.Workers));
        Seconds = openingSeconds + JudgingSeconds + ((readingSeconds + writing) / run.Rows * rows);
    }

    /// <summary>Battles of the test.</summary>
    public int Rows { get; }

    /// <summary>Orders that are judged.</summary>
    public int Orders { get; }

    /// <summary>Seconds of judging, with all workers.</summary>
    public double JudgingSeconds { get; }

    /// <summary>Seconds of everything.</summary>
    public double Seconds { get; }
}
