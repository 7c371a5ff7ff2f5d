using Tiebreak.Core.Battles;
using Tiebreak.Hosting.Judging;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Recording;

/// <summary>Records battles, and shows them to a shadow.</summary>
/// <param name="record">Keeps battles; null for not.</param>
/// <param name="shadow">Compares another judge; null for none.</param>
internal sealed class ServedObserver(BattleRecord? record, ShadowComparison? shadow) : IAnswerObserver, IDisposable
{
    /// <inheritdoc/>
    public void Answered(IReadOnlyList<PostedBattle> posted, IReadOnlyList<BattleResult> results)
    {
        if (record is null && shadow is null)
            return;

        List<(Battle Battle, BattleResult Result)> answered =
        [
            .. posted.Zip(results).Where(pair => pair.Second.Error is null).Select(pair => (Named(pair.First), pair.Second)),
        ];
        record?.Add(answered.Select(pair => pair.Battle));
        shadow?.Compare(answered);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        record?.Dispose();
        shadow?.Dispose();
    }

    // A place in a request says nothing later on; what a battle says is its name then.
    private static Battle Named(PostedBattle posted) =>
        posted.HasId ? posted.Battle! : posted.Battle! with { Id = ContentKey.Of(posted.Battle).ToString() };
}
