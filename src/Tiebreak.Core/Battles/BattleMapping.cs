using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Battles;

/// <summary>
/// How a file names what a battle is made of, where it does not use the usual names: its columns (or keys), and its words for winners.
/// </summary>
public sealed record BattleMapping
{
    /// <summary>The names that columns can be given.</summary>
    internal static readonly string[] Names =
    [
        "id", "prompt", "response_a", "response_b", "model_a", "model_b", "winner", "winner_model_a", "winner_model_b", "winner_tie",
        "soft_label", "language", "tstamp", "annotators", "tags", "source", "license", "judge", "turn", "weight", "conversation_a",
        "conversation_b", "chosen", "rejected", "annotator_ids",
    ];

    /// <summary>
    /// The file's column for each of Tiebreak's names: <c>prompt</c> to <c>question</c>. Default: none, columns have the usual names.
    /// </summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the file's words for winners mean, before the usual spellings. Default: none.</summary>
    public IReadOnlyDictionary<string, Verdict> Winners { get; init; } = new Dictionary<string, Verdict>(StringComparer.Ordinal);

    /// <summary>True where nothing is said.</summary>
    internal bool IsEmpty => Columns.Count == 0 && Winners.Count == 0;

    /// <summary>Makes a mapping of pairs as people write them.</summary>
    /// <param name="columns">Tiebreak's names with the file's columns.</param>
    /// <param name="winners">The file's words with <c>model_a</c>, <c>model_b</c>, <c>tie</c> or <c>tie (bothbad)</c>.</param>
    /// <exception cref="InputException">A name that battles do not have, a winner that does not exist, or one of them twice.</exception>
    public static BattleMapping Of(IEnumerable<(string Name, string Column)> columns, IEnumerable<(string Word, string Winner)> winners)
    {
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, column) in columns)
        {
            if (!Names.Contains(name, StringComparer.Ordinal))
            {
                throw Wrong("columns", $"{name}={column}: battles have no \"{name}\". The nearest are " +
                    $"{string.Join(", ", NearestNames.Of(name, Names))}; the name of the file's column comes last.");
            }

            if (column.Length == 0 || !byName.TryAdd(name, column))
                throw Wrong("columns", $"{name}={column}: every name needs one column.");
        }

        var byWord = new Dictionary<string, Verdict>(StringComparer.Ordinal);
        foreach (var (word, winner) in winners)
        {
            var isKnown = VerdictText.TryParse(winner, words: null, modelA: null, modelB: null, out var verdict);
            if (word.Length == 0 || !isKnown || verdict is null)
                throw Wrong("winner", $"{word}={winner}: a word of the file means model_a, model_b, tie or bothbad.");
            if (!byWord.TryAdd(word, verdict.Value))
                throw Wrong("winner", $"{word}={winner}: this word has a meaning already.");
        }

        return new BattleMapping { Columns = byName, Winners = byWord };

        static InputException Wrong(string parameter, string message) => new($"`{parameter}` {message}") { Parameters = [parameter] };
    }
}
