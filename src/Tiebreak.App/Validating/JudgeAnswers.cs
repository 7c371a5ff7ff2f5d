using System.Text.Json;
using Tiebreak.Core.Battles;

namespace Tiebreak.App.Validating;

/// <summary>What a judge said about labelled battles, and when it was asked otherwise.</summary>
internal sealed record JudgeAnswers
{
    /// <summary>The labelled battles.</summary>
    public required IReadOnlyList<Battle> Battles { get; init; }

    /// <summary>Its answers, in their order.</summary>
    public required IReadOnlyList<Preference> Answers { get; init; }

    /// <summary>False for bare verdicts, which are certainties here.</summary>
    public bool AreProbabilities { get; init; } = true;

    /// <summary>Whether the judge is symmetric by construction; then <see cref="Orders"/> is not needed.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>
    /// For some battles, by their positions: the answer to the battle as it is, and to the battle with A and B exchanged (as given: its A
    /// is the battle's B).
    /// </summary>
    public IReadOnlyList<(int Battle, Preference AsGiven, Preference Exchanged)> Orders { get; init; } = [];

    /// <summary>For some battles, by their positions: the answer to the battle as it is, and when asked again.</summary>
    public IReadOnlyList<(int Battle, Preference First, Preference Again)> Retest { get; init; } = [];

    /// <summary>What became of the judge's rule of abstention on these battles; null for a judge that answers everything.</summary>
    public JsonElement? Abstention { get; init; }

    /// <summary>What a reader must know about the answers.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
