using System.Text.Json.Serialization;
using Tiebreak.App.Comparing;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Hosting.Judging;

/// <summary>What a judge says of one battle, or why it says nothing. What does not apply is left out.</summary>
/// <param name="Id">The id of the battle; without one, its place in the request, from 0 on.</param>
internal sealed record BattleResult(string Id)
{
    /// <summary>The probabilities that people prefer A, prefer B, or call it a tie.</summary>
    public PerOutcome<double>? Preference { get; init; }

    /// <summary>What the judge names: <c>model_a</c>, <c>model_b</c> or <c>tie</c>; left out where it abstains.</summary>
    public string? Winner { get; init; }

    /// <summary>The answer with A shown first, where both orders were asked for.</summary>
    public PerOutcome<double>? AsGiven { get; init; }

    /// <summary>The answer with B shown first, A still meaning A, where both orders were asked for.</summary>
    public PerOutcome<double>? Exchanged { get; init; }

    /// <summary>The rule by which the judge would rather leave the battle to a person.</summary>
    public string? AbstainedBy { get; init; }

    /// <summary>The outcomes that the verdict is among with a promised probability, where the bundle has such sets.</summary>
    public OutcomeSet? Outcomes { get; init; }

    /// <summary>The probability that people find neither answer acceptable, where the judge estimates it.</summary>
    public double? NeitherAcceptable { get; init; }

    /// <summary>What moved the judge, strongest first, where that was asked for and the judge can say.</summary>
    public IReadOnlyList<Reason>? Reasons { get; init; }

    /// <summary>Why there is no preference.</summary>
    public BattleError? Error { get; init; }

    /// <summary>
    /// Keys that Tiebreak does not know and did not read, in a stream: each beside the first battle that has it.
    /// </summary>
    public IReadOnlyList<string>? UnknownKeys { get; init; }
}

/// <summary>Why a battle was not judged.</summary>
/// <param name="Code">What kind of problem it is, for programs.</param>
/// <param name="Message">What is wrong, and how to fix it.</param>
/// <param name="Transient">Whether asking again may help.</param>
internal sealed record BattleError(string Code, string Message, bool Transient);

/// <summary>What a judge says of the battles of a request.</summary>
/// <param name="Results">One for each battle, in their order.</param>
/// <param name="UnknownKeys">Keys of battles that Tiebreak does not know and did not read, each once; left out if there are none.</param>
internal sealed record JudgeAnswer(
    IReadOnlyList<BattleResult> Results,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? UnknownKeys);
