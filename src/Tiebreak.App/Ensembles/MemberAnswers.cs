using System.Diagnostics;
using Tiebreak.App.Submissions;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Ensembles;

/// <summary>
/// What judges say about labelled battles that they have not learned from: out-of-fold files of their trainings, or their own answers
/// about battles, of prompts that none of them has seen.
/// </summary>
/// <param name="Names">What the judges are called.</param>
/// <param name="Labelled">The battles.</param>
/// <param name="Said">For each judge one preference per battle.</param>
/// <param name="SecondsPerThousand">For each judge how long it takes for 1,000 battles here.</param>
/// <param name="Data">Where the battles come from.</param>
/// <param name="LeftOut">Labelled battles that a judge has seen, or an out-of-fold file lacks.</param>
internal sealed record MemberAnswers(
    IReadOnlyList<string> Names, LabelledBattles Labelled, IReadOnlyList<Preference[]> Said, IReadOnlyList<double> SecondsPerThousand,
    IReadOnlyList<DataFingerprint> Data, int LeftOut)
{
    private const double Errors = 4.5; // standard errors; see PredictionAlarms
    private const int WarmUp = 8;
    private const int MostTimed = 500;
    private const int Rounds = 5;
    private const double TimedSeconds = 5;

    /// <summary>Gathers the answers. Only one judge is open at a time.</summary>
    /// <param name="context">Where judges compute, and whom to tell what was left out.</param>
    /// <param name="input">The judges and the files.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">A file cannot be used, is not out of fold, or there are too few battles.</exception>
    public static async Task<MemberAnswers> GatherAsync(JobContext context, MemberInput input, CancellationToken cancellationToken)
    {
        var (judges, files) = (input.Judges, input.OutOfFold);
        if (files.Count > 0 && files.Count != judges.Count)
        {
            throw new InputException(
                Invariant($"{files.Count} files of out-of-fold preferences were given for {judges.Count} judges. Give one for each, in ")
                + "the order of the judges, or none.");
        }

        var set = await LoadAsync(context, input, cancellationToken).ConfigureAwait(false);
        OrderedDictionary<string, Preference>[] said = [.. files.Select(path => PreferencesById.Read(context, path, input.Scale))];
        SeenBattles?[] seen = [.. judges.Select(SeenBy)];
        List<Battle> labelled = [.. set.Battles.Where(battle => battle.Target is not null)];
        var used = files.Count > 0
            ? labelled.FindAll(battle => Array.TrueForAll(said, file => file.ContainsKey(battle.Id)))
            : labelled.FindAll(
                battle => Array.TrueForAll(seen, list => list is null || !(list.HasBattle(battle) || list.HasPrompt(battle))));
        ThrowIfTooFew(used.Count, files.Count > 0);

        var (battles, names) = (new LabelledBattles(used), BlendInput.NamesOf(judges));
        var (answers, seconds) = (new Preference[judges.Count][], new double[judges.Count]);
        for (var k = 0; k < judges.Count; k++)
        {
            var bundle = await context.OpenAsync(judges[k], cancellationToken).ConfigureAwait(false);
            await using var closing = bundle.ConfigureAwait(false);
            if (files.Count > 0)
            {
                answers[k] = [.. used.Select(battle => said[k][battle.Id])];
                if (seen[k] is { } list && used.Exists(list.HasBattle))
                    ThrowIfInSample(files[k], names[k], answers[k], battles, bundle.Manifest);
                seconds[k] = await TimeAsync(bundle, used, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                if (seen[k] is null)
                    context.Warn($"the bundle {judges[k]} does not say which battles its judge was trained on, so nobody checked that.");
                var clock = Stopwatch.StartNew();
                answers[k] = await Judging.RunAsync(context, bundle.Judge, used, cancellationToken).ConfigureAwait(false);
                seconds[k] = clock.Elapsed.TotalSeconds / used.Count * 1000;
            }
        }

        return new MemberAnswers(names, battles, answers, seconds, set.Files, labelled.Count - used.Count);
    }

    // Battles are read as those of the first judge; its numbers are the only ones that can be given.
    private static async Task<BattleSet> LoadAsync(JobContext context, MemberInput input, CancellationToken cancellationToken)
    {
        var mapping = Bundle.Layout.Open(input.Judges[0], Verification.None).Mapping;
        var set = await BattleFiles.LoadAsync(
            context.ReadingAs(mapping), input.Data, BattlePurpose.Train, cancellationToken, input.States).ConfigureAwait(false);
        return input.Numbers is null ? set : NumbersInput.Learn(context, set, input.Numbers, cancellationToken);
    }

    private static SeenBattles? SeenBy(string folder) =>
        File.Exists(Path.Combine(folder, SeenBattles.FileName)) ? SeenBattles.Read(folder) : null;

    private static void ThrowIfTooFew(int rows, bool haveFiles)
    {
        if (rows >= BlendInput.FewestRows)
            return;
        throw new InputException(
            $"{Quantity.Of(rows, "labelled battle")} can be used, and {BlendInput.FewestRows} are needed: "
            + (haveFiles
                ? "battles that every out-of-fold file has. Give the files that the trainings wrote, and the battles of these trainings."
                : "battles about prompts that no judge was trained on. Give other battles, or the out-of-fold preferences that the "
                    + "trainings wrote."));
    }

    /// <summary>
    /// Throws where a file about battles of the training has a far lower loss than the training measured out of fold: then it holds what
    /// the judge says about battles that it knows by heart.
    /// </summary>
    private static void ThrowIfInSample(
        string path, string name, Preference[] said, LabelledBattles battles, BundleManifest manifest)
    {
        if ((double?)manifest.Validation["log_loss"] is not { } expected)
            return;
        var losses = LogLoss.PerRow(said, battles.Targets);
        var mean = losses.Average();
        var error = Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean))) / losses.Length;
        if (expected - mean > Errors * error)
        {
            throw new InputException(
                $"{path} is not out of fold: its log loss of {mean:F4} on battles that {name} was trained on is far below the "
                + Invariant($"{expected:F4} that the training measured on battles it had not seen. Give the file that `oof` of the ")
                + "training wrote.");
        }
    }

    private static async Task<double> TimeAsync(Bundle bundle, List<Battle> battles, CancellationToken cancellationToken)
    {
        // The first answers compile code and fill caches. Of several rounds the fastest is least disturbed by what else the machine does.
        var few = await SecondsOfAsync(WarmUp).ConfigureAwait(false);
        var most = (int)Math.Clamp(WarmUp * TimedSeconds / few, WarmUp, Math.Min(battles.Count, MostTimed));
        var fastest = await SecondsOfAsync(most).ConfigureAwait(false);
        for (var round = 1; round < Rounds && fastest * Rounds < TimedSeconds; round++)
            fastest = Math.Min(fastest, await SecondsOfAsync(most).ConfigureAwait(false));
        return fastest / most * 1000;

        async Task<double> SecondsOfAsync(int count)
        {
            var clock = Stopwatch.StartNew();
            _ = await bundle.Judge.JudgeAsync(new JudgeRequest { Battles = [.. battles.Take(count)] }, cancellationToken)
                .ConfigureAwait(false);
            return clock.Elapsed.TotalSeconds;
        }
    }
}

/// <summary>The judges of an ensemble that is made, and what tells how good they are.</summary>
public sealed record MemberInput
{
    /// <summary>Folders of the judges' bundles.</summary>
    public required IReadOnlyList<string> Judges { get; init; }

    /// <summary>For each judge the out-of-fold preferences that its training wrote; empty to ask the judges about new battles.</summary>
    public IReadOnlyList<string> OutOfFold { get; init; } = [];

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none.</summary>
    public string? Numbers { get; init; }

    /// <summary>How numbers of the out-of-fold files become probabilities that are none.</summary>
    public SubmissionScale Scale { get; init; }

    /// <summary>True to name the members in the bundle by path and hash, false to copy them into it.</summary>
    public bool Links { get; init; }
}
