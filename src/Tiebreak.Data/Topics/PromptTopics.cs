using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Meanings;

namespace Tiebreak.Data.Topics;

/// <summary>
/// What people asked about: clusters of opening prompts, and areas of topics that are near each other. Every different prompt counts once,
/// so that a prompt that was voted on a thousand times makes no topic.
/// </summary>
internal static class PromptTopics
{
    private const int MostTopics = 200;
    private const int TitleTerms = 3;
    private const int DirectionsPerTopic = 2;

    /// <summary>Finds topics.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="embedder">
    /// Makes vectors of prompts; those that it does not read, or all where it is null, are told by their words.
    /// </param>
    /// <param name="count">How many topics; null for about the square root of half the prompts, at most 200.</param>
    /// <param name="seed">Where the search for clusters begins.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<TopicReport> FindAsync(
        IReadOnlyList<Battle> battles, ITextEmbedder? embedder, int? count, ulong seed, int threads, CancellationToken cancellationToken)
    {
        var groups = PromptGroup.Number(battles);
        var prompts = battles.Zip(groups).DistinctBy(pair => pair.Second)
            .Select(pair => (Group: pair.Second, Text: pair.First.Turns is [{ Prompt: { } text }, ..] ? text : ""))
            .Where(prompt => !string.IsNullOrWhiteSpace(prompt.Text)).ToList();
        var meant = embedder is null ? [] : prompts.Where(prompt => embedder.Reads(prompt.Text)).ToList();
        var worded = embedder is null ? prompts : prompts.Where(prompt => !embedder.Reads(prompt.Text)).ToList();
        var wanted = count ?? Math.Clamp((int)Math.Round(Math.Sqrt(prompts.Count / 2.0)), 1, MostTopics);

        var places = new TopicPlace?[battles.Count == 0 ? 0 : groups.Max() + 1];
        var topicAreas = new List<int>();
        if (meant.Count > 0)
        {
            var vectors = await embedder!.EmbedAsync([.. meant.Select(prompt => prompt.Text)], cancellationToken).ConfigureAwait(false);
            Place(meant, vectors);
        }

        if (worded.Count > 0)
            Place(worded, LexicalVectors.Of([.. worded.Select(prompt => prompt.Text)]));

        return Describe(prompts, places, groups, topicAreas, worded.Count);

        void Place(List<(int Group, string Text)> part, float[][] vectors)
        {
            var share = Math.Max(1, (int)Math.Round((double)wanted * part.Count / prompts.Count));
            var compared = PrincipalSubspace.Of(vectors, DirectionsPerTopic * share, seed, threads, cancellationToken);
            var clusters = SphericalKMeans.Fit(compared, share, seed, threads, cancellationToken).Of(vectors);
            var areas = SphericalKMeans.Fit(
                clusters.Centres, (int)Math.Round(Math.Sqrt(clusters.Centres.Count)), seed, threads, cancellationToken);
            for (var i = 0; i < part.Count; i++)
                places[part[i].Group] = new TopicPlace(topicAreas.Count + clusters.Clusters[i], clusters.Cosines[i]);
            var firstArea = topicAreas.Count == 0 ? 0 : topicAreas.Max() + 1;
            topicAreas.AddRange(areas.Clusters.Select(area => firstArea + area));
        }
    }

    private static TopicReport Describe(
        List<(int Group, string Text)> prompts, TopicPlace?[] places, int[] groups, List<int> topicAreas, int worded)
    {
        string[] texts = [.. prompts.Select(prompt => prompt.Text)];
        int[] topics = [.. prompts.Select(prompt => places[prompt.Group]!.Value.Topic)];
        var terms = TopicTerms.Of(texts, topics, topicAreas.Count);
        var areaTerms = TopicTerms.Of(texts, [.. topics.Select(topic => topicAreas[topic])], topicAreas.Distinct().Count());
        return new TopicReport(
            [.. terms.Select((found, topic) => new Topic(
                Title(found), found, topicAreas[topic], topics.Count(other => other == topic),
                Nearest(topic)))],
            [.. areaTerms.Select(Title)],
            [.. groups.Select(group => places[group])],
            worded);

        string Nearest(int topic) => prompts.Where(prompt => places[prompt.Group]!.Value.Topic == topic)
            .MaxBy(prompt => places[prompt.Group]!.Value.Cosine).Text;
    }

    private static string Title(IReadOnlyList<string> terms) =>
        terms.Count == 0 ? "(nothing distinctive)" : string.Join(", ", terms.Take(TitleTerms));
}

/// <summary>The topics of battles.</summary>
/// <param name="Topics">The topics; those found by meaning first, each kind by size.</param>
/// <param name="Areas">The titles of the areas.</param>
/// <param name="Battles">The topic of each battle; null for one without a prompt.</param>
/// <param name="Worded">Prompts that were told by their words.</param>
internal sealed record TopicReport(
    IReadOnlyList<Topic> Topics, IReadOnlyList<string> Areas, IReadOnlyList<TopicPlace?> Battles, int Worded);

/// <summary>A cluster of prompts.</summary>
/// <param name="Title">Its most distinctive terms.</param>
/// <param name="Terms">More of them.</param>
/// <param name="Area">The number of its area.</param>
/// <param name="Prompts">Different prompts.</param>
/// <param name="Example">The prompt nearest to its centre.</param>
internal sealed record Topic(string Title, IReadOnlyList<string> Terms, int Area, int Prompts, string Example);

/// <summary>Where a battle's prompt belongs.</summary>
/// <param name="Topic">The topic's number.</param>
/// <param name="Cosine">The cosine with the topic's centre.</param>
internal readonly record struct TopicPlace(int Topic, float Cosine);
