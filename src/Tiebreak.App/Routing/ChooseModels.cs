using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Files;
using Tiebreak.Core.Routing;
using Tiebreak.Ratings.Routing;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Routing;

/// <summary>Asks a policy which model shall answer a prompt, and why.</summary>
public sealed record ChooseModels
{
    /// <summary>How prompts are read.</summary>
    public required IPromptPredictorFormat Format { get; init; }

    /// <summary>Folder of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>What the policy embeds prompts with; null where it was trained without an embedder.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>The probability to win or tie that is good enough; null for the policy's.</summary>
    public double? Threshold { get; init; }

    /// <summary>Chooses for one prompt.</summary>
    /// <exception cref="InputException">The policy cannot be used.</exception>
    public async Task<ChoiceDocument> ForAsync(JobContext context, string prompt, CancellationToken cancellationToken)
    {
        var policy = await context.OpenPolicyAsync(Policy, Format, Embedder, cancellationToken).ConfigureAwait(false);
        var choices = await policy.ChooseAsync([prompt], Threshold, cancellationToken).ConfigureAwait(false);
        return new ChoiceDocument(choices[0], policy.Manifest);
    }

    /// <summary>Chooses for all prompts of a file; see <see cref="PromptLines"/>.</summary>
    /// <exception cref="InputException">The policy or the file cannot be used.</exception>
    public async Task<ChoicesDocument> ForFileAsync(JobContext context, string path, CancellationToken cancellationToken)
    {
        var policy = await context.OpenPolicyAsync(Policy, Format, Embedder, cancellationToken).ConfigureAwait(false);
        var rows = PromptLines.Read(path).ToList();
        var choices = await policy.ChooseAsync([.. rows.Select(row => row.Prompt)], Threshold, cancellationToken).ConfigureAwait(false);
        return choices.Length > 0
            ? new ChoicesDocument([.. rows.Zip(choices, (row, choice) => (row.Id, choice))], policy.Manifest)
            : throw new InputException("The file holds no prompts.");
    }
}

/// <summary>The model for one prompt.</summary>
public sealed class ChoiceDocument : IDocument
{
    private readonly PolicyManifest _manifest;

    internal ChoiceDocument(RoutingChoice choice, PolicyManifest manifest) => (Choice, _manifest) = (choice, manifest);

    /// <inheritdoc/>
    public string Title => $"Against {_manifest.Reference}";

    /// <summary>The model and what speaks for it.</summary>
    public RoutingChoice Choice { get; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        var (unit, scale) = RoutingSections.UnitOfPrompts(_manifest);
        yield return new TextTable(
            Title, ["Model", "Wins or ties", unit, ""],
            [.. Choice.Candidates.OrderBy(candidate => candidate.Cost).Select(candidate => new[]
            {
                candidate.Model, NumberText.Percent(candidate.Probability), NumberText.Amount(scale * candidate.Cost),
                string.Equals(candidate.Model, Choice.Model, StringComparison.Ordinal) ? "chosen" : "",
            })]);
        yield return new Paragraph(Choice.Reason);
    }
}

/// <summary>The models for many prompts.</summary>
public sealed class ChoicesDocument : IDocument
{
    private readonly IReadOnlyList<(string Id, RoutingChoice Choice)> _choices;
    private readonly PolicyManifest _manifest;

    internal ChoicesDocument(IReadOnlyList<(string Id, RoutingChoice Choice)> choices, PolicyManifest manifest) =>
        (_choices, _manifest) = (choices, manifest);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"{NumberText.Count(_choices.Count)} prompts";

    /// <summary>The choices in the order of the prompts.</summary>
    public IEnumerable<RoutedPrompt> Choices => _choices.Select(row => new RoutedPrompt(
        row.Id, row.Choice.Model, row.Choice.Probability, row.Choice.Cost, row.Choice.ReferenceCost, row.Choice.Reason,
        row.Choice.Candidates));

    /// <summary>Mean cost of a prompt.</summary>
    public double Cost => _choices.Average(row => row.Choice.Cost);

    /// <summary>Mean cost of a prompt with the reference alone.</summary>
    public double ReferenceCost => _choices.Average(row => row.Choice.ReferenceCost);

    /// <summary>The choices as CSV.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("id,model,probability,cost\n");
        foreach (var (id, choice) in _choices)
        {
            text.Append(CsvText.Quote(id)).Append(',').Append(CsvText.Quote(choice.Model))
                .Append(CultureInfo.InvariantCulture, $",{choice.Probability:R},{choice.Cost:R}\n");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        var (unit, scale) = RoutingSections.UnitOfPrompts(_manifest);
        yield return new TextTable(
            Title, ["Model", "Prompts", "Share", "Mean probability"],
            [.. _choices.GroupBy(row => row.Choice.Model, StringComparer.Ordinal)
                .OrderByDescending(group => group.Count()).Select(group => new[]
                {
                    group.Key, NumberText.Count(group.Count()), NumberText.Percent(group.Count(), _choices.Count),
                    NumberText.Percent(group.Average(row => row.Choice.Probability)),
                })]);
        yield return new Paragraph(
            $"{unit}: {NumberText.Amount(scale * Cost)} instead of {NumberText.Amount(scale * ReferenceCost)} " +
            $"with {_manifest.Reference} alone.");
    }
}

/// <summary>A prompt and its model; see <see cref="RoutingChoice"/>.</summary>
public sealed record RoutedPrompt(
    string Id,
    string Model,
    double Probability,
    double Cost,
    double ReferenceCost,
    string Reason,
    IReadOnlyList<RoutingCandidate> Candidates);
