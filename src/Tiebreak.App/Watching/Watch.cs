using Tiebreak.Core.Battles;
using Tiebreak.Core.Drift;

namespace Tiebreak.App.Watching;

/// <summary>A watch that takes in votes, one after the other.</summary>
internal sealed class Watch
{
    /// <summary>How many of the last votes are kept to say what they are like.</summary>
    public const int RecentVotes = 200;

    private readonly WatchState _begun;
    private readonly DriftMonitor _monitor;
    private readonly SortedDictionary<string, int> _referenceSlices;
    private readonly Queue<WatchedVote> _recent;
    private readonly HashSet<ulong> _seen;
    private int _referenceBattles;

    /// <summary>Goes on from a state.</summary>
    public Watch(WatchState state)
    {
        _begun = state;
        _monitor = new DriftMonitor(state.Reference, state.Drift);
        _referenceSlices = new SortedDictionary<string, int>(
            new Dictionary<string, int>(state.ReferenceSlices, StringComparer.Ordinal), StringComparer.Ordinal);
        _referenceBattles = state.ReferenceBattles;
        _recent = new Queue<WatchedVote>(state.Recent);
        _seen = [.. state.SeenIds()];
    }

    /// <summary>Where the watch stands.</summary>
    public WatchState State => (_begun with
    {
        Drift = _monitor.State,
        ReferenceSlices = _referenceSlices,
        ReferenceBattles = _referenceBattles,
        Recent = [.. _recent],
    }).WithSeen(_seen);

    /// <summary>Whether a vote was taken in before.</summary>
    public bool Knows(string id) => _seen.Contains(WatchState.KeyOf(id));

    /// <summary>Takes in a vote.</summary>
    /// <param name="battle">The battle, with its label.</param>
    /// <param name="said">What the judge says about it.</param>
    /// <param name="slices">What the battle is like; see <see cref="SliceNames"/>.</param>
    public void Add(Battle battle, Preference said, IReadOnlyList<string> slices)
    {
        var target = battle.Target!.Value;
        _monitor.Add(said, target);
        _seen.Add(WatchState.KeyOf(battle.Id));

        // Without a file of reference the first votes say what battles are usually like.
        if (_begun.ReferenceFile is null && _referenceBattles < RecentVotes)
        {
            foreach (var name in slices)
                _referenceSlices[name] = _referenceSlices.GetValueOrDefault(name) + 1;
            _referenceBattles++;
        }

        _recent.Enqueue(new WatchedVote(DriftMonitor.LossOf(said, target), target.Tie, slices)
        {
            Overconfidence = _begun.Reference.Overconfidence?.Of(said, target),
        });
        if (_recent.Count > RecentVotes)
            _recent.Dequeue();
    }
}
