namespace Tiebreak.Features.TermVectors;

/// <summary>
/// Collects the most frequent terms of texts in parallel. A first pass counts all terms roughly (<see cref="OccurrenceFilter"/>), a second
/// one counts exactly those that may be frequent enough; most different terms of a collection occur once, and they cost half a byte each.
/// The result is exact and depends neither on the order of the texts nor on the number of threads.
/// </summary>
/// <param name="kind">What the terms are.</param>
/// <param name="texts">The texts.</param>
/// <param name="options">Which terms are kept.</param>
/// <param name="threads">Threads to use.</param>
internal sealed class TermCollector(TermKind kind, IReadOnlyList<string?> texts, TermOptions options, int threads)
{
    private const int TextsAtOnce = 128;
    private const int MostFilterMemory = 1 << 29;

    /// <summary>
    /// The kept terms with the numbers of texts that hold them, most frequent first, equally frequent ones in ordinal order.
    /// </summary>
    public List<(string Term, int Texts)> Collect(CancellationToken cancellationToken)
    {
        if (options.MaxTerms == 0)
            return [];

        var frequent = CountTexts(CountRoughly(cancellationToken), cancellationToken).AtLeast(options.MinTexts).ToList();
        if (frequent.Count > options.MaxTerms)
        {
            // Which of the least frequent ones are kept is decided by their spelling.
            var least = frequent.Select(entry => entry.Texts).OrderDescending().ElementAt(options.MaxTerms - 1);
            frequent.RemoveAll(entry => entry.Texts < least);
        }

        return [.. Spell(frequent, cancellationToken).OrderByDescending(term => term.Texts)
            .ThenBy(term => term.Term, StringComparer.Ordinal).Take(options.MaxTerms)];
    }

    private OccurrenceFilter CountRoughly(CancellationToken cancellationToken)
    {
        // Words and pairs: about one each for six characters; runs: three for each character.
        var expected = texts.Sum(text => (long)(text?.Length ?? 0)) * (kind == TermKind.Words ? 1 : 6) / 3;
        var result = new OccurrenceFilter(expected);
        var filters = InParallel(
            Math.Max(1, MostFilterMemory / result.Size), worker => worker == 0 ? result : new OccurrenceFilter(expected),
            (filter, _, hashes) => filter.Add(hashes), cancellationToken);
        foreach (var filter in filters.Skip(1))
            result.Add(filter);
        return result;
    }

    private TextFrequencies CountTexts(OccurrenceFilter filter, CancellationToken cancellationToken)
    {
        var least = Math.Min(options.MinTexts, OccurrenceFilter.Most);
        var counts = InParallel(
            threads, _ => new TextFrequencies(),
            (count, text, hashes) =>
            {
                const int Ahead = 12; // first the counters are fetched, half way there the places of what is frequent
                for (var i = 0; i < hashes.Length; i++)
                {
                    if (i + Ahead < hashes.Length)
                        filter.Fetch(hashes[i + Ahead]);
                    if (i + (Ahead / 2) < hashes.Length)
                        count.Fetch(hashes[i + (Ahead / 2)]);
                    if (filter.Count(hashes[i]) >= least)
                        count.Add(hashes[i], text);
                }
            },
            cancellationToken);
        foreach (var count in counts.Skip(1))
            counts[0].Add(count);
        return counts[0];
    }

    /// <summary>Finds the terms behind hashes again, in the texts where they were seen.</summary>
    private (string Term, int Texts)[] Spell(List<TextFrequencies.Entry> entries, CancellationToken cancellationToken)
    {
        var spelled = new (string Term, int Texts)[entries.Count];
        var byText = entries.Index().GroupBy(entry => entry.Item.Text).ToList();
        Parallel.ForEach(byText, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, group =>
        {
            var places = group.ToDictionary(entry => entry.Item.Hash, entry => entry.Index);
            var terms = new Terms(texts[group.Key], kind, stackalloc char[Terms.BufferSize]);
            foreach (var hashes in new TermHashes(kind, texts[group.Key]))
            {
                foreach (var hash in hashes)
                {
                    terms.MoveNext();
                    if (places.Remove(hash, out var place))
                        spelled[place] = (terms.Current.ToString(), entries[place].Texts);
                }

                if (places.Count == 0)
                    break;
            }
        });
        return spelled;
    }

    /// <summary>Works on the hashes of texts, part by part, with one state for each worker; which worker gets a text is chance.</summary>
    private T[] InParallel<T>(
        int mostWorkers, Func<int, T> create, Action<T, int, ReadOnlySpan<ulong>> work, CancellationToken cancellationToken)
    {
        T[] states =
        [
            .. Enumerable.Range(0, Math.Clamp(Math.Min(threads, mostWorkers), 1, Math.Max(1, texts.Count / TextsAtOnce))).Select(create),
        ];
        var next = 0;
        Parallel.For(0, states.Length,
            new ParallelOptions { MaxDegreeOfParallelism = states.Length, CancellationToken = cancellationToken }, worker =>
            {
                while (Interlocked.Add(ref next, TextsAtOnce) - TextsAtOnce is var first && first < texts.Count)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    for (var i = first; i < Math.Min(texts.Count, first + TextsAtOnce); i++)
                    {
                        foreach (var hashes in new TermHashes(kind, texts[i]))
                            work(states[worker], i, hashes);
                    }
                }
            });
        return states;
    }
}
