using Tiebreak.Core.Battles;
using Tiebreak.Data.Facts;
using Tiebreak.Text;

namespace Tiebreak.Data.Comparing;

/// <summary>
/// What two files are compared by: of each battle the features that are not zero. Which words, models and languages are features is decided
/// by how many battles have them, whichever file they come from.
/// </summary>
internal sealed class FeatureTable
{
    private const string Lengths = "lengths";
    private const string Languages = "languages";
    private const string Models = "models";
    private const string WordsOfPrompts = "words";
    private const string Findings = "findings";

    private const int MostLanguages = 30;
    private const int MostModels = 100;
    private const int MostWords = 300;
    private const int LongestWord = 40;
    private const int FewestBattles = 5; // what fewer have tells nothing

    private readonly List<ComparedFeature> _features = [];
    private readonly List<(int Feature, double Value)>[] _rows;

    private FeatureTable(int battles) => _rows = [.. Enumerable.Range(0, battles).Select(_ => new List<(int, double)>())];

    /// <summary>All features.</summary>
    public IReadOnlyList<ComparedFeature> Features => _features;

    /// <summary>Of each battle the features that it has, with their values; features ascend.</summary>
    public IReadOnlyList<IReadOnlyList<(int Feature, double Value)>> Rows => _rows;

    /// <summary>Makes the table of battles of both files.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="hasModels">True if both files name models; else the names would tell the files apart and say nothing.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static FeatureTable Of(IReadOnlyList<Battle> battles, bool hasModels, int threads, CancellationToken cancellationToken)
    {
        // Files that state languages do so in words of their own.
        var facts = BattleFacts.Of(
            [.. battles.Select(battle => battle with { Language = null })], threads, cancellationToken: cancellationToken);
        var table = new FeatureTable(battles.Count);
        table.AddLengths("turns", facts, fact => fact.Turns);
        table.AddLengths("prompt, characters", facts, fact => fact.PromptLength);
        table.AddLengths("shorter response, characters", facts, fact => Math.Min(fact.LengthA, fact.LengthB));
        table.AddLengths("longer response, characters", facts, fact => Math.Max(fact.LengthA, fact.LengthB));
        table.AddSets(Languages, MostLanguages, i => [facts[i].Language]);
        if (hasModels)
            table.AddSets(Models, MostModels, i => new[] { facts[i].ModelA, facts[i].ModelB }.OfType<string>());
        table.AddSets(WordsOfPrompts, MostWords, i => WordsOf(battles[i]));

        // Test files have no verdicts: that must not be what tells files apart.
        List<Finding> findings = [.. Finding.All.Where(finding => finding.Predicate is not null)];
        table.AddSets(Findings, findings.Count, i =>
            findings.Where(finding => finding.Predicate!(facts[i] with { Verdict = null })).Select(finding => finding.Name));
        return table;
    }

    private static HashSet<string> WordsOf(Battle battle)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var turn in battle.Turns)
        {
            foreach (var word in new Words(turn.Prompt))
            {
                if (word.Length <= LongestWord)
                    words.Add(word.ToString().ToLowerInvariant());
            }
        }

        return words;
    }

    private void AddLengths(string name, BattleFacts[] facts, Func<BattleFacts, int> value)
    {
        foreach (var (i, fact) in facts.Index())
            _rows[i].Add((_features.Count, Math.Log(1 + value(fact))));
        _features.Add(new ComparedFeature(Lengths, name, IsShare: false));
    }

    private void AddSets(string group, int most, Func<int, IEnumerable<string>> of)
    {
        string[][] sets = [.. Enumerable.Range(0, _rows.Length).Select(i => of(i).Distinct(StringComparer.Ordinal).ToArray())];
        var numbers = sets.SelectMany(set => set).CountBy(name => name, StringComparer.Ordinal)
            .Where(count => count.Value >= FewestBattles && count.Value < _rows.Length)
            .OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Take(most)
            .Select((count, i) => (count.Key, Number: _features.Count + i)).ToDictionary(StringComparer.Ordinal);
        foreach (var (i, set) in sets.Index())
        {
            foreach (var number in set.Where(numbers.ContainsKey).Select(name => numbers[name]).Order())
                _rows[i].Add((number, 1));
        }

        _features.AddRange(numbers.OrderBy(pair => pair.Value).Select(pair => new ComparedFeature(group, pair.Key, IsShare: true)));
    }
}
