using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Routing;

/// <summary>Votes in columns: the features of the prompt, the models by number, and what was voted.</summary>
internal sealed record PromptVotes
{
    public required IReadOnlyList<string> Models { get; init; }

    public required TermVector[] Prompts { get; init; }

    public required int[] ModelA { get; init; }

    public required int[] ModelB { get; init; }

    public required Preference[] Targets { get; init; }

    public required double[] Weights { get; init; }

    public int Count => ModelA.Length;

    /// <summary>Takes the votes of battles, models in the order of their names.</summary>
    /// <exception cref="InputException">A battle does not name its models.</exception>
    public static PromptVotes Of(TrainingJob job, PromptFeatures features, CancellationToken cancellationToken)
    {
        var battles = job.Battles.Battles;
        string[] models = [.. battles.SelectMany(battle => new[] { NameOf(battle, battle.ModelA), NameOf(battle, battle.ModelB) })
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var numbers = models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        var prompts = new TermVector[battles.Count];
        Parallel.For(0, prompts.Length, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken },
            i => prompts[i] = features.Of(OpeningOf(battles[i]), battles[i].States?.Prompt is { } vector ? [.. vector] : []));
        return new PromptVotes
        {
            Models = models,
            Prompts = prompts,
            ModelA = [.. battles.Select(battle => numbers[battle.ModelA!])],
            ModelB = [.. battles.Select(battle => numbers[battle.ModelB!])],
            Targets = [.. job.Battles.Targets],
            Weights = [.. job.Weights],
        };
    }

    /// <summary>What is known of a battle before anybody answers.</summary>
    public static string? OpeningOf(Battle battle) => battle.Turns.Count > 0 ? battle.Turns[0].Prompt : null;

    /// <summary>The votes at some places, with the same models.</summary>
    public PromptVotes At(int[] rows) => this with
    {
        Prompts = [.. rows.Select(row => Prompts[row])],
        ModelA = [.. rows.Select(row => ModelA[row])],
        ModelB = [.. rows.Select(row => ModelB[row])],
        Targets = [.. rows.Select(row => Targets[row])],
        Weights = [.. rows.Select(row => Weights[row])],
    };

    private static string NameOf(Battle battle, string? model) => model is { Length: > 0 }
        ? model
        : throw new InputException(
            $"Battle {battle.Id} does not name both models, so that nothing can be learned about them from its vote.");
}
