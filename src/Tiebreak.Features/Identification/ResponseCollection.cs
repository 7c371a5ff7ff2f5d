using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Splitting;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Identification;

/// <summary>
/// Responses out of battles, each once: a side with all its turns, who wrote it, and the group of its prompt. What a model answered in
/// several battles about one prompt in the same words is one response; blank ones are left out; models with few responses become
/// <see cref="Other"/>.
/// </summary>
public sealed record ResponseCollection
{
    /// <summary>The name under which models with few responses are kept.</summary>
    public const string Other = "other models";

    /// <summary>The responses; folds are 0 until <see cref="InFolds"/>.</summary>
    public required IReadOnlyList<WrittenResponse> Responses { get; init; }

    /// <summary>The prompt group of each response, numbered from 0 without gaps.</summary>
    public required IReadOnlyList<int> Groups { get; init; }

    /// <summary>Models that were pooled, with their number of responses.</summary>
    public required IReadOnlyList<(string Model, int Responses)> Pooled { get; init; }

    /// <summary>Sides without text, which say nothing about their writer.</summary>
    public required int Blank { get; init; }

    /// <summary>Sides that repeat a response of the same model to the same prompt.</summary>
    public required int Repeated { get; init; }

    /// <summary>Takes responses.</summary>
    /// <param name="battles">Battles; sides without the name of a model are passed over.</param>
    /// <param name="minResponses">Models with fewer responses are pooled; 0 to pool none.</param>
    /// <exception cref="InputException">No battle names a model, or all responses are blank.</exception>
    public static ResponseCollection Of(IReadOnlyList<Battle> battles, int minResponses)
    {
        if (!battles.Any(battle => battle.ModelA is { Length: > 0 } || battle.ModelB is { Length: > 0 }))
        {
            throw new InputException(
                "The data names no models, so that nobody knows who wrote what. Give battles with model_a and model_b.");
        }

        var (responses, groups, seen) = (new List<WrittenResponse>(), new List<int>(), new HashSet<(string, int, string)>());
        var (numbers, blank, repeated) = (PromptGroup.Number(battles), 0, 0);
        for (var i = 0; i < battles.Count; i++)
        {
            var texts = BattleTexts.Of(battles[i]);
            foreach (var (model, text) in new[] { (battles[i].ModelA, texts.A), (battles[i].ModelB, texts.B) })
            {
                if (model is not { Length: > 0 })
                    continue;
                if (string.IsNullOrWhiteSpace(text))
                    blank++;
                else if (!seen.Add((model, numbers[i], text)))
                    repeated++;
                else
                    Keep(new WrittenResponse(text, model, Fold: 0), numbers[i]);
            }
        }

        if (responses.Count == 0)
            throw new InputException("All responses are blank, so that nothing can be learned from them.");
        var pooled = responses.CountBy(response => response.Model, StringComparer.Ordinal).Where(model => model.Value < minResponses)
            .OrderByDescending(model => model.Value).ThenBy(model => model.Key, StringComparer.Ordinal)
            .Select(model => (model.Key, model.Value)).ToList();
        var rare = pooled.Select(model => model.Key).ToHashSet(StringComparer.Ordinal);
        return new ResponseCollection
        {
            Responses = [.. responses.Select(response => rare.Contains(response.Model) ? response with { Model = Other } : response)],
            Groups = Renumber(groups),
            Pooled = pooled,
            Blank = blank,
            Repeated = repeated,
        };

        void Keep(WrittenResponse response, int group)
        {
            responses.Add(response);
            groups.Add(group);
        }
    }

    /// <summary>The same with folds of about the same size that keep the responses to a prompt together.</summary>
    /// <exception cref="InputException">There are fewer prompts than folds.</exception>
    public ResponseCollection InFolds(int folds, ulong seed)
    {
        // Folds are dealt out to battles by prompt; here a response stands for one.
        var stand = new LabelledBattles([.. Groups.Select(group => new Battle
        {
            Id = "",
            Turns = [new Turn(group.ToString(System.Globalization.CultureInfo.InvariantCulture), null, null)],
            Verdict = Verdict.Tie,
        })]);
        var assigned = GroupedFolds.Assign(stand, folds, seed);
        return this with { Responses = [.. Responses.Select((response, i) => response with { Fold = assigned[i] })] };
    }

    private static int[] Renumber(List<int> groups)
    {
        var numbers = new Dictionary<int, int>();
        return [.. groups.Select(group => numbers.TryGetValue(group, out var number) ? number : numbers[group] = numbers.Count)];
    }
}

/// <summary>A response and who wrote it.</summary>
/// <param name="Text">All turns of the side, joined by line breaks.</param>
/// <param name="Model">The model.</param>
/// <param name="Fold">Its fold in cross-validation, from 0.</param>
public readonly record struct WrittenResponse(string Text, string Model, int Fold);
