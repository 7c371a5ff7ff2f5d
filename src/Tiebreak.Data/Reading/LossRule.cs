using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading;

/// <summary>
/// When so much of what was given cannot be used that work with the rest would mislead: a word for winners that says nothing, or more
/// than a fifth of the rows.
/// </summary>
internal static class LossRule
{
    private const double MostLost = 0.2;

    // A word in fewer rows is rather a slip than a class of votes.
    private const double LeastShareOfWord = 0.01;

    // What to do about faults of whole files, by what is said of a row.
    private static readonly (string Reason, string Sentence)[] Cures =
    [
        (RowBuilder.NotUtf8, "If a spreadsheet wrote the file, save it again as \"CSV UTF-8\"."),
        ("'N' is an invalid start of a value", "If that is NaN: JSON has no such word, write null where a value is missing."),
        ("''' is an invalid start of a property name", "The rows look like Python's and not like JSON: write them with json.dumps."),
    ];

    private const int WordsNamed = 8;
    private const int KindsNamed = 3;

    /// <summary>Refuses rows of which too much is lost.</summary>
    /// <param name="rows">How many rows there are, those with problems among them.</param>
    /// <param name="problems">What is wrong with some of them.</param>
    /// <exception cref="InputException">Too much is lost; the message has values, counts and the cure.</exception>
    public static void ThrowIfTooMuch(long rows, IReadOnlyCollection<RowProblem> problems)
    {
        if (UnknownWords(rows, problems) is { } words)
            throw Refusal(words, ["winner", "accept-loss"]);
        var lost = problems.Where(problem => problem.LosesRow).ToList();
        if (lost.Count > MostLost * rows)
            throw Refusal($"{Count(lost.Count)} of {Count(rows)} rows cannot be used. {Kinds(lost)}", ["accept-loss"]);
    }

    /// <summary>Refuses battles none of which has a response, whatever the columns were taken for.</summary>
    /// <exception cref="InputException">There is no text.</exception>
    public static void ThrowIfNoTexts(IReadOnlyList<Battle> battles)
    {
        if (!battles.Any(HasResponse))
        {
            throw Refusal(
                "Not one battle has the text of a response. If columns or keys of other names hold them: `columns` "
                + "response_a=NAME,response_b=NAME.",
                ["columns", "accept-loss"]);
        }
    }

    /// <summary>Refuses battles without any label where a column that was not read seems to hold them.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="unused">Columns that were not read.</param>
    /// <exception cref="InputException">There is no label, and one column of such a name.</exception>
    public static void ThrowIfLabelsAreUnread(IReadOnlyList<Battle> battles, IReadOnlyCollection<string> unused)
    {
        if (UnknownLayout.Guess(unused, "winner") is { } column && battles.All(battle => battle.Target is null))
        {
            throw Refusal(
                $"Not one battle has a label, and {ColumnNames.List([column])} was not read. "
                    + $"If it says who won: `columns` winner={column}.",
                ["columns", "accept-loss"]);
        }
    }

    /// <summary>Refuses battles of which too many are no votes.</summary>
    /// <param name="lost">Battles without a verdict or without two models.</param>
    /// <param name="battles">All battles.</param>
    /// <exception cref="InputException">They are more than a fifth.</exception>
    public static void ThrowIfNotVotes(int lost, int battles)
    {
        if (lost > MostLost * battles)
        {
            throw Refusal(
                $"{Count(lost)} of {Count(battles)} battles have no verdict, no model names or one model twice. If columns or keys of "
                + "other names hold them: `columns` winner=NAME,model_a=NAME,model_b=NAME.",
                ["columns", "accept-loss"]);
        }
    }

    /// <summary>What to say where not one row can be used.</summary>
    /// <param name="problems">What is wrong with the rows.</param>
    /// <param name="unused">Columns that were not read, among which a label may be.</param>
    public static InputException NothingLeft(IReadOnlyCollection<RowProblem> problems, IReadOnlyCollection<string> unused)
    {
        var (message, parameters) = (UnknownWords(problems.Count, problems), (IReadOnlyList<string>)["winner"]);
        if (message is null)
        {
            var rows = problems.Count == 1 ? "The only row cannot" : $"None of the {Count(problems.Count)} rows can";
            (message, parameters) = ($"{rows} be used. {Kinds(problems)}", []);
            if (unused.Count > 0 && problems.All(problem => problem.Reason.StartsWith(RowBuilder.NoLabel, StringComparison.Ordinal)))
            {
                (message, parameters) = (
                    $"{message} Not read were {ColumnNames.List([.. unused])}; if one of them says who won: `columns` "
                    + $"winner={UnknownLayout.Guess(unused, "winner") ?? "NAME"}", ["columns"]);
            }
        }

        return new InputException(message) { Code = ErrorCodes.DataLost, Parameters = parameters };
    }

    /// <summary>Problems of one kind, most frequent first.</summary>
    public static IEnumerable<IGrouping<string, RowProblem>> Grouped(IEnumerable<RowProblem> problems) =>
        problems.GroupBy(problem => $"{problem.File}: {problem.Kind}", StringComparer.Ordinal).OrderByDescending(kind => kind.Count());

    /// <summary>Which words for winners are not known, and what to do; null where they are few.</summary>
    private static string? UnknownWords(long rows, IReadOnlyCollection<RowProblem> problems)
    {
        var words = problems.Where(problem => problem.UnknownWinner is not null)
            .CountBy(problem => problem.UnknownWinner!, StringComparer.Ordinal)
            .Where(word => word.Value >= LeastShareOfWord * rows).OrderByDescending(word => word.Value).ToList();
        if (words.Count == 0)
            return null;

        var file = problems.First(problem => problem.UnknownWinner is not null).File;
        var named = words.Select(word => $"\"{word.Key}\" in {Count(word.Value)} of {Count(rows)} rows");
        return $"{file} has words for winners that are not known: {Shortened.List(named, WordsNamed)}. "
            + $"Say what they mean, each model_a, model_b, tie or bothbad: `winner` "
            + $"{string.Join(',', words.Take(WordsNamed).Select(word => $"{word.Key.Trim()}=WINNER"))}.";
    }

    private static bool HasResponse(Battle battle) => battle.Turns.Any(turn =>
        !string.IsNullOrWhiteSpace(turn.ResponseA) || !string.IsNullOrWhiteSpace(turn.ResponseB));

    private static string Kinds(IEnumerable<RowProblem> problems)
    {
        var kinds = Grouped(problems).ToList();
        var named = kinds.Take(KindsNamed)
            .Select(kind => kind.Count() == 1 ? $"{kind.First()}" : $"{Count(kind.Count())} like {kind.First()}");
        return string.Join(" ", named) + (kinds.Count > KindsNamed ? $" And {Count(kinds.Count - KindsNamed)} more kinds of faults." : "")
            + string.Concat(Cures.Where(cure =>
                kinds.Take(KindsNamed).Any(kind => kind.First().Reason.Contains(cure.Reason, StringComparison.Ordinal)))
                    .Select(cure => $" {cure.Sentence}"));
    }

    private static InputException Refusal(string message, string[] parameters) =>
        new($"{message} To go on with the rest all the same: `accept-loss`.") { Code = ErrorCodes.DataLost, Parameters = parameters };

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
