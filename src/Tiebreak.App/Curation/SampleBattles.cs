using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data;
using Tiebreak.Data.Sampling;
using Tiebreak.Data.Topics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Curation;

/// <summary>Draws battles that represent the whole.</summary>
public sealed record SampleBattles
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The file to write; see <see cref="BattleFiles.Write"/>.</summary>
    public required string Out { get; init; }

    /// <summary>How many battles to draw, at least 1.</summary>
    public required int Rows { get; init; }

    /// <summary>What becomes of battles about one prompt.</summary>
    public SamplePrompts Prompts { get; init; } = SamplePrompts.Any;

    /// <summary>
    /// True to draw more battles about topics that tell models apart, in place of a sample with the shares of the whole. Not together with
    /// <see cref="Prompts"/>.
    /// </summary>
    public bool IsInformative { get; init; }

    /// <summary>With <see cref="IsInformative"/>: makes vectors of prompts for topics; null: prompts are told by their words.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>Draws.</summary>
    /// <exception cref="InputException">The data cannot be used.</exception>
    public async Task<SampleDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (IsInformative && Prompts is not SamplePrompts.Any)
        {
            throw new InputException("An `informative` sample draws battles one by one; leave `prompts` out.")
            {
                Parameters = ["informative", "prompts"],
            };
        }

        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var (sample, topics) = IsInformative
            ? await DrawInformativeAsync(context, set.Battles, cancellationToken).ConfigureAwait(false)
            : (RepresentativeSample.Draw(set.Battles, Rows, Prompts, context.Seed, context.Threads), null);
        BattleFiles.Write(Out, sample.Battles);
        return new SampleDocument(Out, set.Battles.Count, sample) { Topics = topics };
    }

    private async Task<(BattleSample Sample, IReadOnlyList<SampledTopic>? Topics)> DrawInformativeAsync(
        JobContext context, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        var report = await PromptTopics.FindAsync(battles, Embedder, count: null, context.Seed, context.Threads, cancellationToken)
            .ConfigureAwait(false);
        if (Embedder is not null)
            UnreadTexts.Note(context, Embedder, report.Worded, "prompt", "told by words instead of meaning, in topics of their own");
        var (sample, topics) = InformativeSample.Draw(battles, report, Rows, context.Seed, context.Threads);
        return topics.Any(topic => topic.Separation is not null)
            ? (sample, topics)
            : throw new InputException("The data has no votes between two models, so that nothing says which topics tell models apart. "
                + "Give battles with model_a, model_b and winner, or draw a sample without `informative`.")
            {
                Parameters = ["informative"],
            };
    }
}

/// <summary>A sample and how well it represents the whole.</summary>
public sealed class SampleDocument : IDocument
{
    private readonly int _population;
    private readonly BattleSample _sample;

    internal SampleDocument(string path, int population, BattleSample sample) => (Out, _population, _sample) = (path, population, sample);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Sample";

    /// <summary>The file that was written.</summary>
    public string Out { get; }

    /// <summary>Battles in the sample.</summary>
    public int Rows => _sample.Battles.Count;

    /// <summary>The largest difference between a share in the sample and in the whole.</summary>
    public double LargestDifference => _sample.LargestDifference;

    /// <summary>The topics of an informative sample; null for one that represents the whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SampledTopic>? Topics { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() => Topics is { } topics ? Informative(topics) :
    [
        new TextTable(
            "Shares", ["Property", "Value", "In the data", "In the sample"],
            [.. _sample.Shares.Select(share => new[]
            {
                share.Property, share.Value, NumberText.Percent(share.Population), NumberText.Percent(share.Sample),
            })]),
        new Paragraph(
            Invariant($"Wrote {Out}: {Rows:N0} of {_population:N0} battles; no share differs by more than ") +
            $"{NumberText.Percent(LargestDifference)}."),
    ];

    private IEnumerable<Section> Informative(IReadOnlyList<SampledTopic> topics)
    {
        yield return new TextTable(
            "Topics", ["Topic", "Separation", "Weight", "In the data", "In the sample"],
            [.. topics.OrderByDescending(topic => topic.Weight).Select(topic => new[]
            {
                topic.Title,
                topic.Separation is { } separation ? NumberText.Of(separation, "F2") : "none",
                NumberText.Of(topic.Weight, "F2"),
                NumberText.Count(topic.Battles),
                NumberText.Count(topic.Drawn),
            })]);
        if (topics.All(topic => Math.Abs(topic.Weight - 1) < 0.005))
            yield return new Paragraph("No topic tells models apart more or less than chance explains, so that all were drawn alike.");
        yield return new Paragraph(
            Invariant($"Wrote {Out}: {Rows:N0} of {_population:N0} battles, more about topics that tell models apart; shares of verdicts ")
            + "and losses on it are not those of the whole.");
    }
}
