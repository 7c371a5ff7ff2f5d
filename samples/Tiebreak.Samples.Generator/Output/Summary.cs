using System.Globalization;
using System.Text;

namespace Tiebreak.Samples.Generator.Output;

/// <summary>The figures that describe a sample.</summary>
internal static class Summary
{
    private const double NearDuplicate = 0.8;

    /// <summary>A text with one figure a line.</summary>
    public static string Of(string title, IReadOnlyList<Battle> battles)
    {
        var text = new StringBuilder();
        var prompts = battles.Select(Prompt).ToList();
        double rows = battles.Count;
        Line(text, title, $"{battles.Count} battles");
        Line(text, "distinct prompts", $"{prompts.Distinct(StringComparer.Ordinal).Count()}");
        Line(
            text,
            "near-duplicate prompts",
            $"{Near(prompts) / rows:P1} of the rows resemble an earlier row (Jaccard of word 3-grams above {NearDuplicate}), exact repeats included");
        Line(text, "verdicts", Shares(battles.Select(battle => battle.Winner)));
        Line(text, "languages", Shares(battles.Select(battle => battle.Language)));
        Line(text, "turns", Shares(battles.Select(battle => battle.Prompts.Count.ToString(CultureInfo.InvariantCulture))));
        var responses = battles.SelectMany(battle => battle.ResponsesA.Concat(battle.ResponsesB)).ToList();
        Line(
            text,
            "rows with a null response",
            $"{battles.Count(battle => Any(battle, response => response is null))}, with an empty one {battles.Count(battle => Any(battle, response => response is { Length: 0 }))}");
        Line(
            text,
            "identical responses",
            $"{battles.Count(battle => battle.ResponsesA.SequenceEqual(battle.ResponsesB, StringComparer.Ordinal))} rows");
        var lengths = responses.OfType<string>().Select(response => response.Length).Order().ToList();
        Line(
            text, "response length", $"mean {lengths.Average():F0}, median {lengths[lengths.Count / 2]}, longest {lengths[^1]} characters");
        Line(text, "prompt length", $"mean {prompts.Average(prompt => prompt.Length):F0} characters");
        Line(text, "entropy of the preference", $"{battles.Average(Entropy):F4} nats (mean of the true conditional entropy)");
        Line(text, "log loss of the truth", $"{battles.Average(Loss):F4} (true probabilities against drawn verdicts)");
        Line(text, "log loss of the priors", $"{Priors(battles):F4}");
        return text.ToString();
    }

    private static string Prompt(Battle battle) => string.Join('\n', battle.Prompts);

    private static bool Any(Battle battle, Func<string?, bool> test) => battle.ResponsesA.Any(test) || battle.ResponsesB.Any(test);

    private static int Near(List<string> prompts)
    {
        var seen = new NearDuplicates();
        var count = 0;
        foreach (var prompt in prompts)
        {
            if (seen.Closest(prompt) > NearDuplicate) count++;
            seen.Add(prompt);
        }

        return count;
    }

    private static double Entropy(Battle battle) => -battle.Preference.Sum(p => p * Math.Log(p));

    private static double Loss(Battle battle) => -Math.Log(battle.Preference[Class(battle)]);

    private static int Class(Battle battle) => battle.Winner switch
    {
        "model_a" => 0,
        "model_b" => 1,
        _ => 2,
    };

    private static double Priors(IReadOnlyList<Battle> battles) =>
        battles.GroupBy(Class).Select(group => group.Count() / (double)battles.Count).Sum(share => -share * Math.Log(share));

    private static string Shares(IEnumerable<string> values)
    {
        var groups = values.GroupBy(value => value, StringComparer.Ordinal).ToList();
        double all = groups.Sum(group => group.Count());
        return string.Join(", ", groups.OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {100 * group.Count() / all:F1} %")));
    }

    private static void Line(StringBuilder text, string name, FormattableString value) =>
        Line(text, name, FormattableString.Invariant(value));

    private static void Line(StringBuilder text, string name, string value) => text.Append(name.PadRight(27)).Append(value).Append('\n');
}
