using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging;

/// <summary>
/// What a judge says about one battle: a preference for each order that was asked, or a failure. Preferences of both orders mean the
/// battle's own A and B.
/// </summary>
public readonly record struct JudgeOutcome
{
    /// <summary>The preference with A read before B; null if that was not asked, or failed.</summary>
    public Preference? First { get; init; }

    /// <summary>The preference with B read before A; null if that was not asked, or failed.</summary>
    public Preference? Second { get; init; }

    /// <summary>The probability that people find neither response acceptable; null if the judge does not estimate it.</summary>
    public double? NeitherAcceptable { get; init; }

    /// <summary>
    /// What the judge gave each response by itself, in a unit of its own; null for judges that read both together. See
    /// <see cref="Capabilities.JudgeTraits.CompareScores"/>.
    /// </summary>
    public (double A, double B)? Scores { get; init; }

    /// <summary>The rule by which the judge would rather leave this battle to a person; null if it does not abstain.</summary>
    public string? AbstainedBy { get; init; }

    /// <summary>Why there is no preference; null if there is one.</summary>
    public JudgeFailure? Failure { get; init; }

    /// <summary>The preference of the order that was asked, or the mean of both.</summary>
    /// <exception cref="InvalidOperationException">There is none; see <see cref="Failure"/>.</exception>
    public Preference Preference => (First, Second) switch
    {
        ({ } first, { } second) => SwapAveragedJudge.Mean(first, second),
        ({ } first, null) => first,
        (null, { } second) => second,
        _ => throw new InvalidOperationException($"The outcome has no preference: {Failure?.Message ?? "nothing was asked"}."),
    };

    /// <summary>The outcome of a judge that was asked for the first order.</summary>
    public static JudgeOutcome Of(Preference preference) => new() { First = preference };

    /// <summary>The outcome of a battle that has no preference.</summary>
    public static JudgeOutcome Of(JudgeFailure failure) => new() { Failure = failure };

    /// <summary>One preference for every order that was asked, in place of those that were judged.</summary>
    internal JudgeOutcome ForBoth(Orders orders)
    {
        if (Failure is not null)
            return this;
        var preference = Preference;
        return this with
        {
            First = orders.HasFlag(Orders.First) ? preference : null,
            Second = orders.HasFlag(Orders.Second) ? preference : null,
        };
    }

    /// <summary>The outcome of the exchanged battle as the second order of the battle itself.</summary>
    internal JudgeOutcome OfExchanged() => this with
    {
        First = null,
        Second = First?.Swapped(),
        Scores = Scores is var (a, b) ? (b, a) : null,
    };

    /// <summary>The outcomes of the first and of the second order as one. A failure of either is the failure of both.</summary>
    internal static JudgeOutcome Join(JudgeOutcome first, JudgeOutcome second)
    {
        if ((first.Failure ?? second.Failure) is { } failure)
            return Of(failure);
        return first with
        {
            Second = second.Second,
            NeitherAcceptable = (first.NeitherAcceptable + second.NeitherAcceptable) / 2,
            AbstainedBy = first.AbstainedBy ?? second.AbstainedBy,
        };
    }
}

/// <summary>Why a battle has no preference.</summary>
/// <param name="Code">What kind of failure it is.</param>
/// <param name="Message">What happened, in words that a person can read.</param>
/// <param name="IsTransient">Whether the same request may succeed later, as after a timeout.</param>
public sealed record JudgeFailure(FailureCode Code, string Message, bool IsTransient = false)
{
    /// <summary>The exception behind the failure, where there was one.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The message, and whether trying again may help, as a clause.</summary>
    public string Describe() => IsTransient ? $"{Message} (trying again may help)" : Message;

    /// <summary>The failure for callers that can do nothing but stop.</summary>
    /// <exception cref="TiebreakException">Always, or the exception behind the failure.</exception>
    [DoesNotReturn]
    public void Throw()
    {
        if (Exception is not null)
            ExceptionDispatchInfo.Throw(Exception);
        throw new TiebreakException(Message);
    }
}

/// <summary>The kinds of failure of a battle.</summary>
public enum FailureCode
{
    /// <summary>The judge cannot judge this battle.</summary>
    BattleFailed,

    /// <summary>The judge answered with something that is no preference.</summary>
    InvalidAnswer,

    /// <summary>Memory does not hold the battle, even alone.</summary>
    OutOfMemory,

    /// <summary>What the judge depends on, such as a remote service, did not answer.</summary>
    Unavailable,
}
