using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Predicting;

/// <summary>What a token budget costs battles.</summary>
public sealed class Truncation
{
    private readonly BudgetReport _report;
    private readonly int _maxTokens;

    /// <summary>Presents a report.</summary>
    /// <param name="report">The losses.</param>
    /// <param name="maxTokens">The budget, in tokens a battle.</param>
    public Truncation(BudgetReport report, int maxTokens) => (_report, _maxTokens) = (report, maxTokens);

    /// <summary>Battles that were looked at.</summary>
    public int Battles => _report.Battles;

    /// <summary>Battles that lost anything.</summary>
    public int Cut => _report.Cut;

    /// <summary>Turns left out whole.</summary>
    public int TurnsDropped => _report.TurnsDropped;

    /// <summary>Tokens of the longest row that is left.</summary>
    public int Longest => _report.Longest;

    /// <summary>The losses of prompts, responses A and responses B.</summary>
    public IEnumerable<TruncatedPart> Parts => _report.Parts.Select(part => new TruncatedPart(
        NameOf(part.Part), part.Rows, part.Tokens, part.Lost, part.MedianLost, part.MostLost, part.Gone));

    /// <summary>One sentence; null where nothing was cut.</summary>
    [JsonIgnore]
    public string? Summary
    {
        get
        {
            if (Cut == 0)
                return null;
            var lost = Parts.Where(part => part.Rows > 0)
                .Select(part => Invariant($"{part.Part} {(double)part.Lost / part.Tokens:P1} in {part.Rows:N0} battles"));
            return Invariant($"The judge reads {_maxTokens:N0} tokens: {Cut:N0} of {Battles:N0} battles were cut, ") +
                Invariant($"{TurnsDropped:N0} turns left out. Lost: {string.Join(", ", lost)}.");
        }
    }

    /// <summary>The losses by side as a table, and the sentence below it.</summary>
    /// <param name="title">The table's title.</param>
    public IEnumerable<Section> Details(string title) =>
    [
        new TextTable(
            title, ["Part", "Battles that lost", "Tokens", "Lost", "Lost of all", "Median loss", "Largest loss", "Nothing left"],
            [.. Parts.Select(part => new[]
            {
                part.Part, NumberText.Count(part.Rows), NumberText.Of(part.Tokens, "N0"), NumberText.Of(part.Lost, "N0"),
                part.Tokens == 0 ? "-" : NumberText.Percent((double)part.Lost / part.Tokens), NumberText.Count(part.MedianLost),
                NumberText.Count(part.MostLost), NumberText.Count(part.Gone),
            })]),
        new Paragraph(
            Invariant($"{Cut:N0} of {Battles:N0} battles were cut, {TurnsDropped:N0} turns left out; ") +
            Invariant($"the longest row has {Longest:N0} tokens.")),
    ];

    /// <summary>Does some work, notes on the way what a judge does not read, and counts the rest after it.</summary>
    /// <param name="oneOrder">The judge.</param>
    /// <param name="battles">What it is asked about.</param>
    /// <param name="isTimed">
    /// Whether the work has to end in time. Battles that this judge was not asked about, because time was up or other workers have judged
    /// them, are then not counted; otherwise they are, after the work.
    /// </param>
    /// <param name="work">Asks the judge.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>What the work returns; and the losses, null where the judge has no budget of tokens.</returns>
    internal static async Task<(T Result, Truncation? Truncation)> WithAsync<T>(
        IJudge oneOrder, IReadOnlyList<Battle> battles, bool isTimed, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (oneOrder.Traits.TokenBudget is not { } budget)
            return (await work().ConfigureAwait(false), null);

        var losses = budget.Losses = new LossRecord(battles);
        var result = await work().ConfigureAwait(false);
        if (!isTimed)
            await budget.MeasureLossesAsync(losses, cancellationToken).ConfigureAwait(false);
        return (result, new Truncation(losses.Report(), budget.MaxTokens));
    }

    private static string NameOf(BattlePart part) => part switch
    {
        BattlePart.Prompt => "prompt",
        BattlePart.ResponseA => "response A",
        _ => "response B",
    };
}

/// <summary>What a token budget costs the texts of one side; see <see cref="PartLoss"/>.</summary>
/// <param name="Part">Whose texts.</param>
/// <param name="Rows">Battles in which this side lost anything.</param>
/// <param name="Tokens">Tokens before the cut.</param>
/// <param name="Lost">Tokens cut away.</param>
/// <param name="MedianLost">Median of the tokens lost, over those battles.</param>
/// <param name="MostLost">Most tokens lost in one battle.</param>
/// <param name="Gone">Battles in which nothing of this side is left.</param>
public sealed record TruncatedPart(string Part, int Rows, long Tokens, long Lost, int MedianLost, int MostLost, int Gone);
