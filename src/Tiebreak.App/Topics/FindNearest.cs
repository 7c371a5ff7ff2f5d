using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data;
using Tiebreak.Data.Topics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Topics;

/// <summary>Finds the battles whose opening prompts are nearest to a text, or to the prompt of one of them.</summary>
public sealed record FindNearest
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The text; null where <see cref="Id"/> names a battle.</summary>
    public string? Prompt { get; init; }

    /// <summary>The id of the battle whose prompt it is; null where <see cref="Prompt"/> is given.</summary>
    public string? Id { get; init; }

    /// <summary>Makes vectors of prompts; null: prompts are compared by their words.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>How many different prompts to show, at least 1.</summary>
    public int Rows { get; init; } = 10;

    /// <summary>Finds them.</summary>
    /// <exception cref="InputException">The data cannot be used, no such battle, or not one of prompt and id.</exception>
    public async Task<NearestDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Prompt is null == Id is null)
            throw new InputException("Give either a `prompt` or the `id` of a battle.") { Parameters = ["prompt", "id"] };

        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var text = Prompt ?? PromptOf(set);
        if (string.IsNullOrWhiteSpace(text))
            throw new InputException("The prompt is blank, and nothing is near to that.");
        var found = await PromptNeighbours.FindAsync(set.Battles, text, Embedder, Rows, cancellationToken).ConfigureAwait(false);
        if (Embedder is not null)
        {
            if (!found.ByMeaning)
                UnreadTexts.Note(context, Embedder, 1, "prompt", "compared by words instead of meaning");
            UnreadTexts.Note(context, Embedder, found.Unread, "other prompt", "left out");
        }

        return new NearestDocument(text, found);
    }

    private string? PromptOf(BattleSet set) =>
        set.Battles.FirstOrDefault(battle => string.Equals(battle.Id, Id, StringComparison.Ordinal)) is { } battle
            ? PromptNeighbours.TextOf(battle)
            : throw new InputException($"{string.Join(", ", Data)}: no battle has the id {Id}.");
}

/// <summary>The battles nearest to a prompt.</summary>
public sealed class NearestDocument : IDocument
{
    private const int ShownCharacters = 100;

    private readonly PromptNeighbourhood _found;

    internal NearestDocument(string prompt, PromptNeighbourhood found) => (Prompt, _found) = (prompt, found);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Nearest battles";

    /// <summary>The prompt.</summary>
    public string Prompt { get; }

    /// <summary>Whether meaning decided, and not words.</summary>
    public bool ByMeaning => _found.ByMeaning;

    /// <summary>The nearest prompts, the nearest first.</summary>
    public IEnumerable<NearPrompt> Nearest => _found.Nearest.Select(near => new NearPrompt(
        near.Battle.Id, near.Cosine, near.Battles, PromptNeighbours.TextOf(near.Battle)!));

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new TextTable(
            ByMeaning ? "Nearest by meaning" : "Nearest by words", ["Cosine", "Battle", "Battles", "Prompt"],
            [.. Nearest.Select(near => new[]
            {
                NumberText.Of(near.Cosine, "F2"), near.Id, NumberText.Count(near.Battles), ShortText.Line(near.Prompt, ShownCharacters),
            })])
        {
            ProseColumns = new HashSet<int> { 3 },
        },
    ];
}

/// <summary>A prompt that is near to another.</summary>
/// <param name="Id">The first battle about it.</param>
/// <param name="Cosine">How near it is, up to 1.</param>
/// <param name="Battles">How many battles are about it.</param>
/// <param name="Prompt">The prompt.</param>
public sealed record NearPrompt(string Id, float Cosine, int Battles, string Prompt);
