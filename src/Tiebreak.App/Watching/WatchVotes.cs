using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Drift;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data;

namespace Tiebreak.App.Watching;

/// <summary>
/// Compares what people vote, vote by vote, with what a judge says about the battles, and raises an alarm when the judge has become worse
/// than it was or when people call more or fewer battles a tie. It may be run as often as anybody likes: the chance of an alarm without a
/// reason does not grow with the looks.
/// </summary>
public sealed record WatchVotes
{
    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>
    /// Files of battles with votes, in the order in which they were cast. Votes that the state knows by their ids are passed over.
    /// </summary>
    public required IReadOnlyList<string> Votes { get; init; }

    /// <summary>
    /// The file in which the watch goes on from day to day; it is created where it is missing. Null to look once and keep nothing.
    /// </summary>
    public string? State { get; init; }

    /// <summary>
    /// A file of labelled battles from a time when all was well; null for the validation that the bundle states. Looked at when a watch
    /// begins.
    /// </summary>
    public string? Reference { get; init; }

    /// <summary>Watches.</summary>
    /// <exception cref="InputException">The bundle, the data or the state cannot be used.</exception>
    /// <exception cref="TiebreakException">The state cannot be written.</exception>
    public async Task<WatchDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var judge = WatchState.HashOf(Path.Combine(Judge, Bundle.ManifestName));
        var stored = State is null ? null : WatchState.Read(State, judge, Reference);
        var state = stored ?? await BeginAsync(context, bundle, judge, cancellationToken).ConfigureAwait(false);

        var set = await BattleFiles.LoadAsync(context, Votes, BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var watch = new Watch(state);
        var others = set.Battles.Where(battle => !watch.Knows(battle.Id)).ToList();

        // On battles that it was trained on a judge is better than it is.
        var unseen = SeenShare.Unseen(context, bundle, others, byPrompt: false);
        var said = await Judging.RunAsync(context, bundle.Judge, unseen, cancellationToken).ConfigureAwait(false);
        var slices = SliceNames.Of(unseen, context, cancellationToken);
        for (var i = 0; i < unseen.Count; i++)
            watch.Add(unseen[i], said[i], slices[i]);
        state = watch.State;
        if (State is not null)
            state.Write(State);
        return new WatchDocument(Judge, state)
        {
            NewVotes = unseen.Count,
            KnownVotes = set.Battles.Count - others.Count,
            TrainedOn = others.Count - unseen.Count,
            StateFile = State,
        };
    }

    private async Task<WatchState> BeginAsync(JobContext context, Bundle bundle, string judge, CancellationToken cancellationToken)
    {
        if (Reference is null)
        {
            return DriftReference.Of(bundle.Manifest) is { } validated
                ? new WatchState { Judge = judge, Reference = validated }
                : throw new InputException(
                    $"The bundle {Judge} does not state the log loss of its validation. Give labelled battles as `reference`.")
                {
                    Parameters = ["reference"],
                };
        }

        var set = await BattleFiles.LoadAsync(context, [Reference], BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var labelled = new LabelledBattles(SeenShare.Unseen(context, bundle, set.Battles, byPrompt: false));
        var said = await Judging.RunAsync(context, bundle.Judge, labelled.Battles, cancellationToken).ConfigureAwait(false);
        var slices = SliceNames.Of(labelled.Battles, context, cancellationToken);
        return new WatchState
        {
            Judge = judge,
            ReferenceFile = WatchState.HashOf(Reference),
            Reference = DriftReference.Of(said, labelled, context.Seed, context.Threads),
            ReferenceSlices = SliceNames.Count(slices),
            ReferenceBattles = labelled.Count,
        };
    }
}
