using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data;
using Tiebreak.Data.Deduplication;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Curation;

/// <summary>Removes repeated battles, or what stands in other files too.</summary>
public sealed record DeduplicateBattles
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The file to write; see <see cref="BattleFiles.Write"/>.</summary>
    public required string Out { get; init; }

    /// <summary>Other files: only what stands there too is removed. Empty: what is repeated in <see cref="Data"/>.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];

    /// <summary>What counts as a duplicate. Threads are those of the context.</summary>
    public DeduplicationOptions Options { get; init; } = new();

    /// <summary>
    /// Finds texts that mean the same, in place of <see cref="DeduplicationOptions.Match"/>; null: texts are compared as written.
    /// </summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>With <see cref="Embedder"/>: the least cosine of texts that are alike, above 0 and up to 1.</summary>
    public double LeastCosine { get; init; } = 0.95;

    /// <summary>Deduplicates.</summary>
    /// <exception cref="Core.InputException">The data cannot be used.</exception>
    public async Task<DeduplicationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var options = Options with { Threads = context.Threads };
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var report = await FindAsync(context, set.Battles, options, cancellationToken).ConfigureAwait(false);
        if (Embedder is not null)
            UnreadTexts.Note(context, Embedder, report.ByWords, "battle", "compared by words (near)", orCut: true);
        BattleFiles.Write(Out, report.Kept);
        return new DeduplicationDocument(Out, report);
    }

    private async Task<DeduplicationReport> FindAsync(
        JobContext context, IReadOnlyList<Battle> battles, DeduplicationOptions options, CancellationToken cancellationToken)
    {
        if (Against.Count == 0)
        {
            return Embedder is null
                ? Deduplicator.Within(battles, options, cancellationToken)
                : await Deduplicator.WithinAsync(battles, Embedder, LeastCosine, options, cancellationToken).ConfigureAwait(false);
        }

        var others = await BattleFiles.LoadAsync(context, Against, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        return Embedder is null
            ? Deduplicator.Across(battles, others.Battles, options, cancellationToken)
            : await Deduplicator.AcrossAsync(battles, others.Battles, Embedder, LeastCosine, options, cancellationToken)
                .ConfigureAwait(false);
    }
}

/// <summary>What was removed as duplicate.</summary>
public sealed class DeduplicationDocument : IDocument
{
    private const int GroupsShown = 10;

    private readonly DeduplicationReport _report;

    internal DeduplicationDocument(string path, DeduplicationReport report) => (Out, _report) = (path, report);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Deduplication";

    /// <summary>The file that was written.</summary>
    public string Out { get; }

    /// <summary>Battles that are left.</summary>
    public int Rows => _report.Kept.Count;

    /// <summary>Battles that were removed.</summary>
    public int Removed => _report.Removed;

    /// <summary>Battles that were compared by their words, because the embedder does not read them.</summary>
    public int ByWords => _report.ByWords;

    /// <summary>What is alike.</summary>
    public IEnumerable<DuplicateIds> Groups => _report.Groups.Select(group => new DuplicateIds(
        group.Kept.Id,
        group.Duplicates.Select(duplicate => new DuplicateId(duplicate.Battle.Id, duplicate.Similarity, duplicate.Swapped))));

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new TextTable(
            "Largest groups", ["Kept", "Like it", "Least similarity", "Other verdicts"],
            [.. _report.Groups.OrderByDescending(group => group.Duplicates.Count).Take(GroupsShown).Select(group => new[]
            {
                group.Kept.Id, NumberText.Count(group.Duplicates.Count),
                NumberText.Of(group.Duplicates.Min(duplicate => duplicate.Similarity), "F2"), NumberText.Count(group.Disagreements),
            })]),
        new Paragraph(
            Invariant($"Wrote {Out}: {Quantity.Of(Rows, "battle")}, {Removed:N0} removed in ") +
            $"{Quantity.Of(_report.Groups.Count, "group")}."),
    ];
}

/// <summary>A battle and those that are like it.</summary>
/// <param name="Kept">The id of the battle that stays.</param>
/// <param name="Duplicates">The battles that were removed.</param>
public sealed record DuplicateIds(string Kept, IEnumerable<DuplicateId> Duplicates);

/// <summary>A battle that is like another.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Similarity">How like, 0 to 1.</param>
/// <param name="Swapped">True if A and B are exchanged.</param>
public sealed record DuplicateId(string Id, double Similarity, bool Swapped);
