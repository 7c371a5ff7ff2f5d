using System.Globalization;
using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Abstention;

/// <summary>
/// When a judge would rather leave a battle to a person: where its preference is so uncertain that its answers would be wrong too often.
/// Fitted to labelled battles, it promises that among the battles it answers the named outcome differs from
/// the verdict in at most <see cref="MaxError"/> of all, with <see cref="Confidence"/>, for battles from the same source.
/// </summary>
public sealed record AbstentionRule
{
    /// <summary>What is named.</summary>
    public required NamedOutcome Outcome { get; init; }

    /// <summary>The share of answers that may be wrong, above 0 and below 1.</summary>
    public required double MaxError { get; init; }

    /// <summary>The probability that the promise holds.</summary>
    public required double Confidence { get; init; }

    /// <summary>
    /// The judge answers up to this entropy, in nats, of its preference, which is averaged over both orders where its bundle does so.
    /// </summary>
    public required double MaxEntropy { get; init; }

    /// <summary>Labelled battles that the rule was fitted to.</summary>
    public required int Rows { get; init; }

    /// <summary>Those that it answers.</summary>
    public required int Answered { get; init; }

    /// <summary>Those of them where the answer was wrong.</summary>
    public required int Errors { get; init; }

    /// <summary>The rule in words, as <see cref="Judging.JudgeOutcome.AbstainedBy"/> names it.</summary>
    [JsonIgnore]
    public string Name => string.Create(CultureInfo.InvariantCulture, $"entropy above {MaxEntropy:F4}");

    /// <summary>Whether it can have been fitted.</summary>
    [JsonIgnore]
    internal bool IsPossible => MaxError is > 0 and < 1 && Confidence is > 0 and < 1 && double.IsFinite(MaxEntropy)
        && Errors >= 0 && Errors <= Answered && Answered <= Rows;

    /// <summary>Whether the judge answers.</summary>
    public bool Answers(Preference preference) => Outcome.EntropyOf(preference) <= MaxEntropy;

    /// <summary>What the judge names; null where it leaves the battle to a person.</summary>
    public Outcome? Decide(Preference preference) => Answers(preference) ? Outcome.Of(preference) : null;
}
