using Tiebreak.Hosting.Judging;
using Tiebreak.Hosting.Reading;

namespace Tiebreak.Hosting.Serving;

/// <summary>Is told what a judge was asked and answered, before the caller is.</summary>
internal interface IAnswerObserver
{
    /// <summary>Takes note of battles and of the results that they get.</summary>
    void Answered(IReadOnlyList<PostedBattle> posted, IReadOnlyList<BattleResult> results);
}
