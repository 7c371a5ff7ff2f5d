using System.Text.Json.Serialization;
using Tiebreak.Data;
using Tiebreak.Data.Sampling;
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

    /// <summary>Draws.</summary>
    /// <exception cref="Core.InputException">The data cannot be used.</exception>
    public async Task<SampleDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var sample = RepresentativeSample.Draw(set.Battles, Rows, Prompts, context.Seed, context.Threads);
        BattleFiles.Write(Out, sample.Battles);
        return new SampleDocument(Out, set.Battles.Count, sample);
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

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
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
}
