using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data.Facts;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// Which battles are wanted: a battle must meet everything that is given. It is read from and written to a query string, so that an address
/// says which battles a page shows.
/// </summary>
internal sealed record BattleFilter
{
    /// <summary>The winner of battles that nobody has voted on.</summary>
    public const string NoVerdict = "none";

    /// <summary>Longest text of a value, in characters: an address is not a place for more.</summary>
    public const int LongestValue = 1_000;

    /// <summary>Most values of a filter in all.</summary>
    public const int MostValues = 100;

    /// <summary>The values of <see cref="Winners"/>.</summary>
    public static IReadOnlyList<string> AllWinners { get; } = [.. Enum.GetValues<Verdict>().Select(VerdictText.Format), NoVerdict];

    /// <summary>The values of <see cref="Findings"/>: <see cref="Finding.Column"/> of every finding.</summary>
    public static IReadOnlyList<string> AllFindings { get; } = [.. Finding.All.Select(finding => finding.Column)];

    private static readonly OrderedDictionary<string, Func<BattleFilter, string, BattleFilter>> Readers = new(StringComparer.Ordinal)
    {
        ["model"] = (filter, value) => filter with { Models = [.. filter.Models, value] },
        ["won"] = (filter, value) => filter with { Won = value },
        ["winner"] = (filter, value) => filter with { Winners = [.. filter.Winners, Known("winner", value, AllWinners)] },
        ["language"] = (filter, value) => filter with { Languages = [.. filter.Languages, value] },
        ["turns"] = (filter, value) => filter with { Turns = NumberRange.Parse("turns", value) },
        ["length"] = (filter, value) => filter with { Length = NumberRange.Parse("length", value) },
        ["prompt_length"] = (filter, value) => filter with { PromptLength = NumberRange.Parse("prompt_length", value) },
        ["length_a"] = (filter, value) => filter with { LengthA = NumberRange.Parse("length_a", value) },
        ["length_b"] = (filter, value) => filter with { LengthB = NumberRange.Parse("length_b", value) },
        ["tokens"] = (filter, value) => filter with { Tokens = NumberRange.Parse("tokens", value) },
        ["source"] = (filter, value) => filter with { Sources = [.. filter.Sources, value] },
        ["tag"] = (filter, value) => filter with { Tags = [.. filter.Tags, value] },
        ["finding"] = (filter, value) => filter with { Findings = [.. filter.Findings, Known("finding", value, AllFindings)] },
        ["topic"] = (filter, value) => filter with { Topics = [.. filter.Topics, TopicOf(value)] },
        ["judge"] = (filter, value) => filter with { Judge = value },
        ["confidence"] = (filter, value) => filter with { Confidence = NumberRange.Parse("confidence", value) },
        ["right"] = (filter, value) => filter with { IsRight = Known("right", value, ["yes", "no"]) is "yes" },
        ["loss"] = (filter, value) => filter with { Loss = NumberRange.Parse("loss", value) },
        ["text"] = (filter, value) => filter with { Text = value },
    };

    /// <summary>The filter that every battle meets.</summary>
    public static BattleFilter Everything { get; } = new();

    /// <summary>The keys of a query string.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. Readers.Keys];

    /// <summary>Models that took part, on either side; of two both, so that they are a pair.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The model that won, on either side; null for any.</summary>
    public string? Won { get; init; }

    /// <summary>The vote is one of these, of <see cref="AllWinners"/>; empty for any.</summary>
    public IReadOnlyList<string> Winners { get; init; } = [];

    /// <summary>The language is one of these; empty for any.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>The number of turns.</summary>
    public NumberRange? Turns { get; init; }

    /// <summary>Characters (UTF-16 units) of all texts together.</summary>
    public NumberRange? Length { get; init; }

    /// <summary>Characters of all prompts.</summary>
    public NumberRange? PromptLength { get; init; }

    /// <summary>Characters of all responses of side A.</summary>
    public NumberRange? LengthA { get; init; }

    /// <summary>Characters of all responses of side B.</summary>
    public NumberRange? LengthB { get; init; }

    /// <summary>Tokens of all texts, estimated.</summary>
    public NumberRange? Tokens { get; init; }

    /// <summary>The data set is one of these; empty for any.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The source files the conversation under all of these.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The battle has all of these findings, of <see cref="AllFindings"/>.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The topic is one of these, by number; empty for any.</summary>
    public IReadOnlyList<int> Topics { get; init; } = [];

    /// <summary>The judge whose preferences are meant by the three that follow and by sorting; null for the first one.</summary>
    public string? Judge { get; init; }

    /// <summary>The probability of the outcome that the judge holds for the likeliest, 0 to 1.</summary>
    public NumberRange? Confidence { get; init; }

    /// <summary>Whether that outcome is the vote; battles without a vote are neither.</summary>
    public bool? IsRight { get; init; }

    /// <summary>The judge's log loss on the battle, in nats.</summary>
    public NumberRange? Loss { get; init; }

    /// <summary>
    /// Words that occur in the prompts or responses, all of them; words between double quotes in this order, and <c>word*</c> as the
    /// beginning of one.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Whether the filter needs the preferences of a judge.</summary>
    public bool AsksJudge => Confidence is not null || IsRight is not null || Loss is not null;

    /// <summary>Reads a filter from the keys and values of a query string. Empty values, as forms send them, ask for nothing.</summary>
    /// <exception cref="InputException">A key or a value is not known, or there is too much of them.</exception>
    public static BattleFilter Parse(IEnumerable<KeyValuePair<string, string>> query)
    {
        var (filter, values) = (Everything, 0);
        foreach (var (key, value) in query)
        {
            if (!Readers.TryGetValue(key, out var read))
                throw new InputException($"There is no filter {Short(key)}; did you mean {NearestNames.Of(Short(key), Keys)[0]}?");
            if (value.Length == 0)
                continue;
            if (value.Length > LongestValue || ++values > MostValues)
                throw new InputException($"A filter has at most {MostValues} values of at most {LongestValue:N0} characters each.");
            filter = read(filter, value);
        }

        return filter;
    }

    /// <summary>The filter as keys and values, in the order of <see cref="Keys"/>; empty where it asks for nothing.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs()
    {
        (string Key, IEnumerable<string?> Values)[] all =
        [
            ("model", Models), ("won", [Won]), ("winner", Winners), ("language", Languages), ("turns", [Turns?.ToString()]),
            ("length", [Length?.ToString()]), ("prompt_length", [PromptLength?.ToString()]), ("length_a", [LengthA?.ToString()]),
            ("length_b", [LengthB?.ToString()]), ("tokens", [Tokens?.ToString()]), ("source", Sources), ("tag", Tags),
            ("finding", Findings),
            ("topic", Topics.Select(topic => topic.ToString(CultureInfo.InvariantCulture))), ("judge", [Judge]),
            ("confidence", [Confidence?.ToString()]), ("right", [IsRight is { } isRight ? isRight ? "yes" : "no" : null]),
            ("loss", [Loss?.ToString()]), ("text", [Text]),
        ];
        return all.SelectMany(part => part.Values.OfType<string>().Select(value => KeyValuePair.Create(part.Key, value)));
    }

    /// <summary>The filter as a query string without the question mark: <c>model=gpt-4&amp;turns=2-</c>.</summary>
    public string ToQuery() =>
        string.Join('&', Pairs().Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));

    private static int TopicOf(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var topic)
        ? topic
        : throw new InputException("topic is the number of a topic, from 0.");

    private static string Known(string key, string value, IReadOnlyList<string> known) => known.Contains(value, StringComparer.Ordinal)
        ? value
        : throw new InputException($"{key}={Short(value)} is not known; did you mean {NearestNames.Of(Short(value), known)[0]}?");

    // Names are compared at a cost that grows with their length.
    private static string Short(string name) => name.Length <= 50 ? name : name[..50];
}
