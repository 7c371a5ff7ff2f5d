using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// Several judges as one, by a <see cref="Blend"/> of their preferences in each order. It abstains where all of them do that count; the
/// probability that neither response is acceptable is the mean of those that estimate it, by the same weights. A battle that breaks a
/// member has no preference.
/// </summary>
/// <param name="members">The members; disposed with this judge.</param>
/// <param name="blend">How their preferences become one.</param>
internal sealed class BlendedJudge(IReadOnlyList<MemberJudge> members, Blend blend) : IJudge
{
    /// <inheritdoc/>
    public JudgeTraits Traits { get; } = EnsembleTraits.Of(members, blend.Weights);

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        var said = await AskAsync(members, request, cancellationToken).ConfigureAwait(false);
        return [.. request.Battles.Select((battle, i) => Blended(Array.ConvertAll(said, ofMember => ofMember[i]), battle))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
            await member.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Asks all members: those of several devices side by side, others one after another.</summary>
    /// <returns>For each member one outcome per battle.</returns>
    internal static async Task<JudgeOutcome[][]> AskAsync(
        IReadOnlyList<MemberJudge> members, JudgeRequest request, CancellationToken cancellationToken)
    {
        if (members.Select(member => member.Device).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            // Several counts at once would make no progress that anybody could read.
            var silent = request with { Progress = null };
            return await Task.WhenAll(members.Select(member => member.JudgeAsync(silent, cancellationToken))).ConfigureAwait(false);
        }

        var said = new JudgeOutcome[members.Count][];
        for (var k = 0; k < said.Length; k++)
        {
            var part = request.Progress is { } progress ? new PartProgress(progress, k, said.Length, request.Battles.Count) : null;
            said[k] = await members[k].JudgeAsync(request with { Progress = part }, cancellationToken).ConfigureAwait(false);
        }

        return said;
    }

    private JudgeOutcome Blended(JudgeOutcome[] said, Battle battle)
    {
        if (said.Select(outcome => outcome.Failure).FirstOrDefault(failure => failure is not null) is { } failure)
            return JudgeOutcome.Of(failure);
        var heard = said.Zip(blend.WeightsFor(battle), (outcome, weight) => (Outcome: outcome, Weight: weight)).ToList();
        return new JudgeOutcome
        {
            First = Order(outcome => outcome.First),
            Second = Order(outcome => outcome.Second),
            NeitherAcceptable = NeitherAcceptable(heard),
            AbstainedBy = heard.TrueForAll(member => member.Weight == 0 || member.Outcome.AbstainedBy is not null)
                ? "every member abstains"
                : null,
        };

        Preference? Order(Func<JudgeOutcome, Preference?> of)
        {
            Preference[] preferences = [.. said.Select(of).OfType<Preference>()];
            return preferences.Length == said.Length ? blend.Apply(preferences, battle) : null;
        }
    }

    // Where only members without a weight estimate it, they count the same.
    private static double? NeitherAcceptable(List<(JudgeOutcome Outcome, double Weight)> heard)
    {
        heard = [.. heard.Where(member => member.Outcome.NeitherAcceptable is not null)];
        var sum = heard.Sum(member => member.Weight);
        return sum > 0
            ? heard.Sum(member => member.Weight * member.Outcome.NeitherAcceptable) / sum
            : heard.Average(member => member.Outcome.NeitherAcceptable);
    }

    /// <summary>The progress of one of several equal parts of a request.</summary>
    private sealed class PartProgress(IProgress<int> progress, int part, int parts, int battles) : IProgress<int>
    {
        public void Report(int value) => progress.Report((int)((((long)part * battles) + value) / parts));
    }
}
