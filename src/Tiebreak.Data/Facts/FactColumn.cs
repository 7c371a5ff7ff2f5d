using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Facts;

/// <summary>A column of a table of facts. Names stay the same from version to version.</summary>
/// <param name="Name">The name, in lower case with underscores: <c>length_a</c>.</param>
/// <param name="Meaning">What it holds, in a sentence.</param>
/// <param name="Type">
/// The type of its values: <see cref="string"/>, <see cref="int"/>, <see cref="bool"/>, <see cref="ulong"/> or
/// <see cref="DateTimeOffset"/>.
/// </param>
/// <param name="Of">The value of a battle, or null where it has none.</param>
public sealed record FactColumn(string Name, string Meaning, Type Type, Func<BattleFacts, object?> Of)
{
    /// <summary>All columns: what is known of a battle, then every finding that a battle can have by itself.</summary>
    public static IReadOnlyList<FactColumn> All { get; } =
    [
        new("id", "The battle's id within its file.", typeof(string), facts => facts.Id),
        new("model_a", "The model behind side A.", typeof(string), facts => facts.ModelA),
        new("model_b", "The model behind side B.", typeof(string), facts => facts.ModelB),
        new("winner", "The vote: model_a, model_b, tie or tie (bothbad).", typeof(string),
            facts => facts.Verdict is { } verdict ? VerdictText.Format(verdict) : null),
        new("turns", "The number of turns.", typeof(int), facts => facts.Turns),
        new("prompt_length", "UTF-16 units of all prompts.", typeof(int), facts => facts.PromptLength),
        new("length_a", "UTF-16 units of all responses of side A.", typeof(int), facts => facts.LengthA),
        new("length_b", "UTF-16 units of all responses of side B.", typeof(int), facts => facts.LengthB),
        new("tokens", "Tokens of all texts.", typeof(int), facts => facts.Tokens),
        new("language", "The language, stated or identified.", typeof(string), facts => facts.Language),
        new("source", "The data set that the battle comes from.", typeof(string), facts => facts.Source),
        new("license", "The licence of that data set.", typeof(string), facts => facts.License),
        new("tstamp", "When the vote was cast.", typeof(DateTimeOffset), facts => facts.Timestamp),
        new("prompt_key", "Equal for battles about the same opening prompt.", typeof(ulong), facts => facts.PromptKey.Value),
        new("content_key", "Equal for the same texts, also with A and B exchanged.", typeof(ulong), facts => facts.ContentKey.Value),
        new("content_swapped", "Battles of one content_key that differ here have A and B exchanged.", typeof(bool),
            facts => facts.ContentSwapped),
        .. Finding.All.Where(finding => finding.Predicate is not null)
            .Select(finding => new FactColumn(finding.Column, finding.Meaning, typeof(bool), facts => finding.Predicate!(facts))),
    ];
}
