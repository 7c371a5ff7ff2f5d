using System.Globalization;
using Microsoft.Extensions.Logging;
using Tiebreak.Core.Diagnostics;

namespace Tiebreak.Core.Training;

/// <summary>Counts the events of a training (<see cref="TiebreakMeter"/>), logs them, and passes them on.</summary>
/// <param name="logger">The log.</param>
/// <param name="next">Receives the events too; null for nobody.</param>
internal sealed partial class ObservedTraining(ILogger logger, IProgress<TrainingEvent>? next) : IProgress<TrainingEvent>
{
    // Names under which trainers report a log loss.
    private static readonly string[] Losses = ["loss", "log_loss"];

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Training a judge of kind {Kind} on {Battles} battles, {Validation}, on {Device} with {Threads} threads.")]
    public static partial void LogBegun(
        ILogger logger, string kind, int battles, Validation validation, string device, int threads);

    /// <inheritdoc/>
    public void Report(TrainingEvent value)
    {
        var step = new KeyValuePair<string, object?>(TiebreakMeter.StepTag, value.What);
        TiebreakMeter.TrainingSteps.Add(1, step);
        foreach (var name in Losses)
        {
            if (value.Numbers.TryGetValue(name, out var loss))
                TiebreakMeter.TrainingLoss.Record(loss, step);
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            var numbers = Describe(value.Numbers);
            LogEvent(logger, value.What, numbers);
        }

        next?.Report(value);
    }

    private static string Describe(IReadOnlyDictionary<string, double> numbers) =>
        string.Join(", ", numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"{number.Key} {number.Value:G6}")));

    [LoggerMessage(Level = LogLevel.Information, Message = "Training: {Step}. {Numbers}", SkipEnabledCheck = true)]
    private static partial void LogEvent(ILogger logger, string step, string numbers);
}
