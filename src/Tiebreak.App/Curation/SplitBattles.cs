using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data;
using Tiebreak.Data.Splitting;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Curation;

/// <summary>Cuts battles into parts.</summary>
public sealed record SplitBattles
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The files to write, one per part; see <see cref="BattleFiles.Write"/>.</summary>
    public required IReadOnlyList<string> Out { get; init; }

    /// <summary>How large the parts are in proportion, one number above 0 per part.</summary>
    public required IReadOnlyList<double> Fractions { get; init; }

    /// <summary>What never stands in two parts.</summary>
    public SplitBy By { get; init; }

    /// <summary>With <see cref="SplitBy.Model"/>: the models to hold out; empty to choose some.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Finds prompts that mean the same, which then stand in one part; null: prompts are compared as written.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>With <see cref="Embedder"/>: the least cosine of prompts that are alike, above 0 and up to 1.</summary>
    public double LeastCosine { get; init; } = 0.95;

    /// <summary>Splits.</summary>
    /// <exception cref="InputException">The data cannot be used, or not be cut so.</exception>
    public async Task<SplitDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (By is not SplitBy.Prompt && Out.Count != 2)
            throw new InputException($"A split by {$"{By}".ToLowerInvariant()} makes two parts: give two files.");

        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var groups = Embedder is null
            ? null
            : await BattleSplitter.GroupByMeaningAsync(set.Battles, Embedder, LeastCosine, context.Threads, cancellationToken)
                .ConfigureAwait(false);
        if (Embedder is not null)
            UnreadTexts.Note(context, Embedder, UnreadTexts.Prompts(set.Battles, Embedder), "prompt", "compared as written");
        var split = Split(set.Battles, context.Seed, groups);
        foreach (var (path, part) in Out.Zip(split.Parts))
            BattleFiles.Write(path, part);
        return new SplitDocument(Out, split) { Meanings = groups is null ? null : PromptMeanings.Of(set.Battles, groups) };
    }

    private BattleSplit Split(IReadOnlyList<Battle> battles, ulong seed, int[]? groups)
    {
        if (By is SplitBy.Prompt)
            return BattleSplitter.ByPrompt(battles, [.. Fractions], seed, groups);

        var heldOut = Fractions[1] / (Fractions[0] + Fractions[1]);
        return By is SplitBy.Time ? BattleSplitter.ByTime(battles, heldOut, groups)
            : Models.Count > 0 ? BattleSplitter.ByModel(battles, [.. Models], groups)
            : BattleSplitter.ByModel(battles, heldOut, seed, groups);
    }
}

/// <summary>How battles were cut.</summary>
public sealed class SplitDocument : IDocument
{
    private readonly IReadOnlyList<string> _paths;
    private readonly BattleSplit _split;

    internal SplitDocument(IReadOnlyList<string> paths, BattleSplit split) => (_paths, _split) = (paths, split);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Split";

    /// <summary>The parts.</summary>
    public IEnumerable<SplitPart> Parts => _paths.Zip(_split.Parts, (path, part) => new SplitPart(path, part.Count));

    /// <summary>Battles that are in no part, because they share a prompt with the held-out part.</summary>
    public int SetAside => _split.SetAside.Count;

    /// <summary>What the meaning of prompts joined; null where they were compared as written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptMeanings? Meanings { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new TextTable(
            "Parts", ["File", "Battles", "A", "B", "Tie"],
            [.. _paths.Zip(_split.Parts, (path, part) => new[]
            {
                path, NumberText.Count(part.Count), Share(part, Outcome.A), Share(part, Outcome.B), Share(part, Outcome.Tie),
            })]);
        if (Meanings is { } meanings)
        {
            yield return new Paragraph(
                Invariant($"{meanings.Prompts:N0} different prompts have {meanings.Groups:N0} meanings; ") +
                Invariant($"the most frequent one has {meanings.Largest:N0} battles."));
        }

        if (SetAside > 0)
        {
            yield return new Paragraph(
                Quantity.Of(SetAside, "battle is in no part, because it shares", "battles are in no part, because they share")
                    + " a prompt with the held-out part.");
        }
    }

    private static string Share(IReadOnlyList<Battle> battles, Outcome outcome) => NumberText.Percent(
        battles.Where(battle => battle.Target is not null).Select(battle => battle.Target!.Value[outcome])
            .DefaultIfEmpty(double.NaN).Average());
}

/// <summary>A part of a split.</summary>
/// <param name="Out">The file that was written.</param>
/// <param name="Rows">Its battles.</param>
public sealed record SplitPart(string Out, int Rows);

/// <summary>What the meaning of prompts joined.</summary>
/// <param name="Prompts">Different opening prompts.</param>
/// <param name="Groups">Groups of those that mean about the same.</param>
/// <param name="Largest">Battles of the largest group: where it is a large part of all, the least cosine is too low.</param>
public sealed record PromptMeanings(int Prompts, int Groups, int Largest)
{
    internal static PromptMeanings Of(IReadOnlyList<Battle> battles, int[] groups) => new(
        PromptGroup.Number(battles).Distinct().Count(),
        groups.Distinct().Count(),
        groups.CountBy(group => group).Select(group => group.Value).DefaultIfEmpty().Max());
}

/// <summary>What never stands in two parts of a split.</summary>
public enum SplitBy
{
    /// <summary>A prompt.</summary>
    Prompt,

    /// <summary>A model: the second part holds the battles of models that the first does not know.</summary>
    Model,

    /// <summary>A time: the second part is later than the first.</summary>
    Time,
}
