using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs.Labels;

namespace Tiebreak.App.Predicting;

/// <summary>Gives the battles of a file a judge's preferences as soft labels, to train another judge on.</summary>
public sealed record LabelFile
{
    private const int ProblemsSaid = 5;

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>File of the battles; it is streamed, so its size does not matter.</summary>
    public required string Data { get; init; }

    /// <summary>The JSON lines to write; <c>.gz</c> and <c>.zst</c> are compressed.</summary>
    public required string Out { get; init; }

    /// <summary>Whether both orders of A and B are judged; null: as the bundle says.</summary>
    public SwapPolicy? Swap { get; init; }

    /// <summary>Labels.</summary>
    /// <exception cref="InputException">The bundle or the data cannot be used.</exception>
    /// <exception cref="TiebreakException">The judge fails on a whole batch, or the file cannot be written.</exception>
    public async Task<LabellingDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var options = context.Reading with
        {
            Threads = context.Threads,
            Progress = context.Progress,
            Stage = "labelling battles, bytes read",
        };
        var judge = Swap is { } swap ? bundle.WithSwap(swap) : bundle.Judge;
        var labels = await SoftLabels.WriteAsync(judge, Data, Out, options, context.Warn, cancellationToken).ConfigureAwait(false);
        foreach (var problem in labels.Problems.Take(ProblemsSaid))
            context.Warn(problem);
        return new LabellingDocument(labels.Labelled, labels.LeftOut, labels.Problems, Out);
    }
}

/// <summary>What was labelled.</summary>
/// <param name="Rows">Battles with soft labels.</param>
/// <param name="LeftOut">Rows that could not be read, or broke the judge.</param>
/// <param name="Problems">Why, for the first hundred of them.</param>
/// <param name="Out">The file that was written.</param>
public sealed record LabellingDocument(long Rows, long LeftOut, IReadOnlyList<string> Problems, string Out) : IDocument
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Labels of {Path.GetFileName(Out)}";

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
        [new Paragraph(Invariant($"Wrote {Out}: {Quantity.Of(Rows, "battle")} with soft labels, {Quantity.Of(LeftOut, "row")} left out."))];
}
