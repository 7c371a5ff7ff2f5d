using System.Collections.Frozen;
using Tiebreak.Text;

namespace Tiebreak.Data.Topics;

/// <summary>
/// The terms that tell topics apart: words and pairs of words that stand in a larger share of a topic's texts than of all. A term with the
/// share p inside and q in all has the weight p * log(p / q), its part of the Kullback-Leibler divergence between the two: words that stand
/// everywhere weigh next to nothing, and so do those that hardly any text has. English words of grammar are left out all the same: where
/// there are few texts, some of them seem distinctive by chance.
/// </summary>
internal static class TopicTerms
{
    private const int MostTerms = 5;
    private const int ReadCharacters = 4_000; // of a text; what it is about stands at its beginning
    private const int LongestWord = 30;
    private const double LeastShare = 0.03; // of a topic's texts that a term must stand in
    private const double FrequentShare = 0.1; // of all texts: pairs with such a word, "of the", name nothing

    private static readonly FrozenSet<string> Grammar = (
        "a about after all also am an and any are as at be because been before being between both but by can could did do does "
        + "doing down each few for from get give given had has have he her here him his how i if in into is it its just like let "
        + "make me more most my no nor not now of off on once one only or other our out over own please same she should so some "
        + "such than that the their them then there these they this those through to too two under until up us use using very was "
        + "we were what when where which while who whom whose why will with within without would you your i'm it's don't can't "
        + "i'd i've you're let's following various")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Finds the terms of topics.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="topics">The topic of each text.</param>
    /// <param name="count">How many topics there are.</param>
    /// <returns>Up to five terms for each topic, the most distinctive first.</returns>
    public static IReadOnlyList<string>[] Of(IReadOnlyList<string> texts, IReadOnlyList<int> topics, int count)
    {
        var sizes = new int[count];
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        var inside = Enumerable.Range(0, count).Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        foreach (var (text, topic) in texts.Zip(topics))
        {
            sizes[topic]++;
            foreach (var term in Terms(text))
            {
                all[term] = all.GetValueOrDefault(term) + 1;
                inside[topic][term] = inside[topic].GetValueOrDefault(term) + 1;
            }
        }

        return [.. inside.Select((terms, topic) => Best(terms, sizes[topic], all, texts.Count))];
    }

    private static List<string> Best(Dictionary<string, int> inside, int size, Dictionary<string, int> all, int total)
    {
        var least = Math.Max(Math.Min(2, size), LeastShare * size);
        var chosen = new List<string>();
        foreach (var (term, _) in inside.Where(term => term.Value >= least && !IsFrequentPair(term.Key, all, total))
            .Select(term => (term.Key, Weight: Weight((double)term.Value / size, (double)all[term.Key] / total)))
            .Where(term => term.Weight > 0)
            .OrderByDescending(term => term.Weight).ThenBy(term => term.Key, StringComparer.Ordinal))
        {
            if (!chosen.Exists(other => Overlap(other, term)))
                chosen.Add(term);
            if (chosen.Count == MostTerms)
                break;
        }

        return chosen;
    }

    private static double Weight(double inside, double all) => inside * Math.Log(inside / all);

    private static bool IsFrequentPair(string term, Dictionary<string, int> all, int total) =>
        term.Split(' ') is { Length: 2 } pair && Array.Exists(pair, word => all.GetValueOrDefault(word) > FrequentShare * total);

    private static bool Overlap(string one, string other)
    {
        var (shorter, longer) = one.Length < other.Length ? (one, other) : (other, one);
        return $" {longer} ".Contains($" {shorter} ", StringComparison.Ordinal)
            || (shorter.Length > 3 && longer.StartsWith(shorter, StringComparison.Ordinal));
    }

    /// <summary>The different terms of a text: words with a letter, and pairs of words beside each other.</summary>
    private static HashSet<string> Terms(string text)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        using var words = WordScan.Of(text.Length > ReadCharacters ? text[..ReadCharacters] : text);
        var last = "";
        for (var i = 0; i < words.Count; i++)
        {
            var word = words.LowerWord(i).ToString();
            var isTerm = word.Any(char.IsLetter) && word.Length <= LongestWord && !Grammar.Contains(word);
            if (isTerm && (word.Length > 2 || word[0] > '\u2E80'))
                terms.Add(word);
            if (isTerm && last.Length > 0 && words.IsBesideLast(i))
                terms.Add($"{last} {word}");
            last = isTerm ? word : "";
        }

        return terms;
    }
}
