using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Topics;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Topics;

/// <summary>Topics of prompts, and how votes on them end.</summary>
public sealed class TopicsDocument : IDocument
{
    private const int ShownCharacters = 60;
    private const int NamedTopics = 3;
    private const double Significant = 0.05;

    internal TopicsDocument(IReadOnlyList<Battle> battles, TopicReport report, string? path)
    {
        (Out, Areas, Worded) = (path, report.Areas, report.Worded);
        var separations = TopicSeparations.Of(battles, report);
        var byTopic = battles.Zip(report.Battles).Where(pair => pair.Second is not null)
            .ToLookup(pair => pair.Second!.Value.Topic, pair => pair.First);
        Topics = [.. report.Topics.Select((topic, i) => Summarise(i, topic, [.. byTopic[i]], separations[i]))];
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Topics";

    /// <summary>The topics.</summary>
    public IReadOnlyList<PromptTopic> Topics { get; }

    /// <summary>The titles of areas, which are groups of topics; topics name them by number.</summary>
    public IReadOnlyList<string> Areas { get; }

    /// <summary>Different prompts that were told by their words.</summary>
    public int Worded { get; }

    /// <summary>The file with the topic of every battle; null for none.</summary>
    public string? Out { get; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        foreach (var area in Topics.GroupBy(topic => topic.Area).OrderByDescending(area => area.Sum(topic => topic.Battles)))
        {
            yield return new TextTable(
                Areas[area.Key], ["Topic", "Prompts", "Battles", "Ties", "Separation", "95 % interval", "Most typical prompt"],
                [.. area.OrderByDescending(topic => topic.Battles).Select(topic => new[]
                {
                    $"{topic.Number}: {topic.Title}",
                    NumberText.Count(topic.Prompts),
                    NumberText.Count(topic.Battles),
                    NumberText.Percent(topic.Ties ?? double.NaN),
                    topic.Separation is { } separation ? NumberText.Of(separation, "F2") : "none",
                    topic.SeparationInterval is { } interval
                        ? $"{NumberText.Of(interval.Lower, "F2")} to {NumberText.Of(interval.Upper, "F2")}"
                        : "none",
                    ShortText.Line(topic.Example, ShownCharacters),
                })])
            {
                CanBeNarrowed = true,
                ProseColumns = new HashSet<int> { 6 },
            };
        }

        foreach (var sentence in Findings())
            yield return new Paragraph(sentence);
        if (Out is not null)
            yield return new Paragraph($"Wrote {Out}: the topic and the tokens of every battle.");
    }

    private IEnumerable<string> Findings()
    {
        if (Topics.Any(topic => topic.Separation is not null))
        {
            yield return "Separation: how far models stand apart on a topic, as a multiple of how far they stand apart on the whole.";
            var apart = BeyondChance(topic => topic.SeparationError is { } error ? (topic.Separation - 1) / error : null);
            yield return apart.Exists(found => found.Z > 0)
                ? $"Models are told apart most by {Names(apart.Where(found => found.Z > 0))}."
                : "No topic tells models apart more than the whole does, beyond chance.";
            if (apart.Exists(found => found.Z < 0))
                yield return $"They are told apart least by {Names(apart.Where(found => found.Z < 0))}.";
        }

        var ties = Topics.Sum(topic => (topic.Ties ?? 0) * topic.Votes) / Topics.Sum(topic => topic.Votes);
        var tied = BeyondChance(topic => (topic.Ties - ties) / Math.Sqrt(ties * (1 - ties) / topic.Votes))
            .Where(found => found.Z > 0).ToList();
        if (tied.Count > 0)
            yield return Invariant($"Ties, {ties:P1} of all votes, are most frequent on {Names(tied)}.");

        static string Names(IEnumerable<(PromptTopic Topic, double Z)> found) => string.Join(
            "; ",
            found.OrderByDescending(pair => Math.Abs(pair.Z)).Take(NamedTopics)
                .Select(pair => Invariant($"{pair.Topic.Number}: {pair.Topic.Title}")));
    }

    /// <summary>
    /// The topics whose deviation chance does not explain (5 %, corrected by Holm for looking at all of them), with the deviation in
    /// standard errors.
    /// </summary>
    private List<(PromptTopic Topic, double Z)> BeyondChance(Func<PromptTopic, double?> deviation)
    {
        var found = Topics.Select(topic => (Topic: topic, Z: deviation(topic) ?? double.NaN))
            .Where(pair => double.IsFinite(pair.Z)).ToList();
        var p = Holm.Adjust([.. found.Select(pair => Gaussian.TwoSidedPValue(pair.Z))]);
        return [.. found.Where((_, i) => p[i] < Significant)];
    }

    private static PromptTopic Summarise(int number, Topic topic, List<Battle> battles, Separation? separation)
    {
        var outcomes = battles.Where(battle => battle.Verdict is not null).Select(battle => battle.Verdict!.Value.ToOutcome()).ToList();
        var ties = outcomes.Count == 0 ? (double?)null : (double)outcomes.Count(outcome => outcome is Outcome.Tie) / outcomes.Count;
        return new PromptTopic(number, topic.Title, topic.Terms, topic.Area, topic.Prompts, battles.Count, outcomes.Count, topic.Example)
        {
            Ties = ties,
            TiesInterval = ties is { } share ? BinomialInterval.Of(share, outcomes.Count) : null,
            Separation = separation?.Factor,
            SeparationInterval = separation?.Interval,
            SeparationError = separation?.Error,
        };
    }
}

/// <summary>A topic and how votes on it end.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Title">Its most distinctive terms.</param>
/// <param name="Terms">More of them.</param>
/// <param name="Area">The number of its area.</param>
/// <param name="Prompts">Different prompts.</param>
/// <param name="Battles">Battles about them.</param>
/// <param name="Votes">Battles that were voted on.</param>
/// <param name="Example">The prompt nearest to the topic's centre.</param>
public sealed record PromptTopic(
    int Number, string Title, IReadOnlyList<string> Terms, int Area, int Prompts, int Battles, int Votes, string Example)
{
    /// <summary>The share of ties among the votes; null where there are no votes.</summary>
    public double? Ties { get; init; }

    /// <summary>Its 95 % interval.</summary>
    public Interval? TiesInterval { get; init; }

    /// <summary>
    /// How far models stand apart on this topic, as a multiple of how far they stand apart in all votes; null where models are unknown.
    /// </summary>
    public double? Separation { get; init; }

    /// <summary>Its 95 % interval.</summary>
    public Interval? SeparationInterval { get; init; }

    /// <summary>Its standard error.</summary>
    [JsonIgnore]
    internal double? SeparationError { get; init; }
}
