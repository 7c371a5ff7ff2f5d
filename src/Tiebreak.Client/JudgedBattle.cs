namespace Tiebreak.Client;

/// <summary>What a judge says of a battle, or why it says nothing.</summary>
public sealed record JudgedBattle
{
    /// <summary>The battle's id; of a battle without one, its place among those that were sent, from 0 on.</summary>
    public required string Id { get; init; }

    /// <summary>The probabilities that people prefer A, prefer B, or call it a tie; null if there is an <see cref="Error"/>.</summary>
    public Probabilities? Preference { get; init; }

    /// <summary>What the judge names: <c>model_a</c>, <c>model_b</c> or <c>tie</c>; null where it abstains or failed.</summary>
    public string? Winner { get; init; }

    /// <summary>The answer with A shown first, where both orders were asked for.</summary>
    public Probabilities? AsGiven { get; init; }

    /// <summary>The answer with B shown first, A still meaning A, where both orders were asked for.</summary>
    public Probabilities? Exchanged { get; init; }

    /// <summary>The rule by which the judge would rather leave the battle to a person; null if it does not.</summary>
    public string? AbstainedBy { get; init; }

    /// <summary>The probability that people find neither answer acceptable; null where the judge does not estimate it.</summary>
    public double? NeitherAcceptable { get; init; }

    /// <summary>What moved the judge, strongest first, where that was asked for and the judge can say.</summary>
    public IReadOnlyList<Reason> Reasons { get; init; } = [];

    /// <summary>Why the battle has no preference; null if it has one.</summary>
    public BattleError? Error { get; init; }
}

/// <summary>A probability for each outcome; they sum to 1.</summary>
/// <param name="A">That people prefer A.</param>
/// <param name="B">That people prefer B.</param>
/// <param name="Tie">That they call it a tie.</param>
public sealed record Probabilities(double A, double B, double Tie);

/// <summary>What one property of a battle did to a preference, in nats of log odds.</summary>
/// <param name="Name">The property.</param>
/// <param name="Value">Its value; for differences: A minus B.</param>
/// <param name="TowardsA">Above 0 it speaks for A, below 0 for B.</param>
/// <param name="TowardsTie">How far it speaks for a tie.</param>
public sealed record Reason(string Name, double Value, double TowardsA, double TowardsTie);

/// <summary>Why a battle was not judged.</summary>
/// <param name="Code">What kind of problem it is; it stays the same when messages change.</param>
/// <param name="Message">What is wrong, and how to fix it.</param>
/// <param name="Transient">Whether asking again may help.</param>
public sealed record BattleError(string Code, string Message, bool Transient);
