using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// A member of an ensemble: the judge of a bundle in one order, calibrated. It is open all the time, or it is opened for each request and
/// closed after it; then only one member of the ensemble is open at a time, also where several requests come at once.
/// </summary>
internal sealed class MemberJudge : IJudge
{
    private readonly Bundle? _bundle; // null for one that is opened for each request
    private readonly IJudge? _judge;
    private readonly Func<CancellationToken, Task<Bundle>>? _open;
    private readonly SemaphoreSlim? _turn;

    private MemberJudge(string name, Bundle bundle, Func<CancellationToken, Task<Bundle>>? open, SemaphoreSlim? turn)
    {
        (Name, Device, _open, _turn) = (name, null, open, turn);
        var judge = bundle.WithSwap(SwapPolicy.Never);
        var traits = judge.Traits;
        if (open is null)
            (_bundle, _judge, Traits) = (bundle, judge, traits);
        else
            Traits = traits with { Explainer = null, TokenBudget = null, Features = null, States = null }; // they need an open judge
    }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Where it computes, where that was said for the member; null for where all compute.</summary>
    public string? Device { get; private init; }

    /// <inheritdoc/>
    public JudgeTraits Traits { get; }

    /// <summary>Opens the members of an ensemble, as the placement says: together, on several devices, or in turn.</summary>
    /// <param name="opening">The ensemble's bundle.</param>
    /// <param name="references">Its members.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">A member is not there, or not the one that the ensemble was made of.</exception>
    public static async Task<MemberJudge[]> OpenAllAsync(
        BundleOpening opening, IReadOnlyList<MemberReference> references, CancellationToken cancellationToken)
    {
        var (devices, inTurn) = (opening.Placement.MemberDevices, opening.Placement.MembersInTurn);
        var turn = inTurn ? new SemaphoreSlim(1) : null;
        var members = new List<MemberJudge>(references.Count);
        try
        {
            for (var k = 0; k < references.Count; k++)
            {
                var (reference, device) = (references[k], devices.Count > 0 ? devices[k % devices.Count] : null);
                var placement = opening.Placement with { Device = device ?? opening.Placement.Device, MemberDevices = [] };
                var bundle = await reference.OpenAsync(opening, placement, isProven: false, cancellationToken).ConfigureAwait(false);
                members.Add(new MemberJudge(
                    reference.Name, bundle,
                    inTurn ? cancel => reference.OpenAsync(opening, placement, isProven: true, cancel) : null, turn)
                {
                    Device = device,
                });
                if (inTurn)
                    await bundle.DisposeAsync().ConfigureAwait(false);
            }

            return [.. members];
        }
        catch
        {
            foreach (var member in members)
                await member.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        if (_judge is not null)
            return Named(await _judge.JudgeAsync(request, cancellationToken).ConfigureAwait(false));

        await _turn!.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var bundle = await _open!(cancellationToken).ConfigureAwait(false);
            await using var closing = bundle.ConfigureAwait(false);
            return Named(await bundle.WithSwap(SwapPolicy.Never).JudgeAsync(request, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_bundle is not null)
            await _bundle.DisposeAsync().ConfigureAwait(false);
    }

    private JudgeOutcome[] Named(JudgeOutcome[] outcomes) => Array.ConvertAll(outcomes, outcome => outcome.Failure is { } failure
        ? JudgeOutcome.Of(failure with { Message = $"member {Name}: {failure.Message}" })
        : outcome);
}
