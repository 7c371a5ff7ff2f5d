using Tiebreak.Core.Abstention;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// A cheap judge decides the battles that it is sure of, an expensive one all others. It is sure where the entropy of its preference is
/// low; in each order by itself, so that asking both at once and one after the other is the same. Whether it abstains, and how likely
/// neither response is acceptable, is what the judge says that decides; of the latter, the other's word where that one does not estimate it
/// and the other was asked.
/// </summary>
/// <param name="cheap">Asked about every battle; disposed with this judge.</param>
/// <param name="expensive">Asked where the other is not sure; disposed with this judge.</param>
/// <param name="maxEntropy">Up to which entropy, in nats, the cheap judge decides.</param>
internal sealed class CascadeJudge(MemberJudge cheap, MemberJudge expensive, double maxEntropy) : IJudge
{
    /// <inheritdoc/>
    public JudgeTraits Traits { get; } = EnsembleTraits.Of([cheap, expensive], [0, 1]) with
    {
        Abstains = cheap.Traits.Abstains || expensive.Traits.Abstains,
    };

    /// <summary>Whether the cheap judge's preference decides.</summary>
    public static bool IsSure(Preference preference, double maxEntropy) => NamedOutcome.ThreeWay.EntropyOf(preference) <= maxEntropy;

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        var outcomes = await cheap.JudgeAsync(request with { Progress = null }, cancellationToken).ConfigureAwait(false);
        int[] open = [.. Enumerable.Range(0, outcomes.Length).Where(i => !IsDecided(outcomes[i]))];
        if (open.Length > 0)
        {
            var rest = request with
            {
                Battles = [.. open.Select(i => request.Battles[i])],
                Progress = request.Progress is { } progress ? new Shifted(progress, outcomes.Length - open.Length) : null,
            };
            var others = await expensive.JudgeAsync(rest, cancellationToken).ConfigureAwait(false);
            for (var k = 0; k < open.Length; k++)
                outcomes[open[k]] = Join(outcomes[open[k]], others[k]);
        }

        request.Progress?.Report(outcomes.Length);
        return outcomes;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await cheap.DisposeAsync().ConfigureAwait(false);
        await expensive.DisposeAsync().ConfigureAwait(false);
    }

    private bool IsDecided(JudgeOutcome outcome) => outcome.Failure is null && IsSureOrNotAsked(outcome.First)
        && IsSureOrNotAsked(outcome.Second);

    private bool IsSureOrNotAsked(Preference? preference) => preference is not { } said || IsSure(said, maxEntropy);

    private JudgeOutcome Join(JudgeOutcome ofCheap, JudgeOutcome ofExpensive) => ofExpensive.Failure is not null
        ? ofExpensive
        : ofExpensive with
        {
            First = ofCheap.First is { } first && IsSure(first, maxEntropy) ? first : ofExpensive.First,
            Second = ofCheap.Second is { } second && IsSure(second, maxEntropy) ? second : ofExpensive.Second,
            NeitherAcceptable = ofExpensive.NeitherAcceptable ?? ofCheap.NeitherAcceptable,
        };

    private sealed class Shifted(IProgress<int> progress, int offset) : IProgress<int>
    {
        public void Report(int value) => progress.Report(offset + value);
    }
}
