using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Transformers.Tuning;

/// <summary>What models that were trained without a fold said about it.</summary>
internal sealed class FoldRuns
{
    private readonly int _kept;

    private FoldRuns(Preference[] outOfFold, double[] logLosses, int kept, IReadOnlyList<string> weights) =>
        (OutOfFold, LogLosses, _kept, Weights) = (outOfFold, logLosses, kept, weights);

    /// <summary>A preference for each battle of the training; of battles that are not the target's, anything.</summary>
    public Preference[] OutOfFold { get; }

    /// <summary>The mean log loss of all folds at each evaluation.</summary>
    public double[] LogLosses { get; }

    /// <summary>The files of the folds' weights, where the judge is their average; otherwise none.</summary>
    public IReadOnlyList<string> Weights { get; }

    /// <summary>The number of the evaluation whose weights are kept, in the training of the judge.</summary>
    public int Kept(BatchSchedule schedule) => _kept == LogLosses.Length - 1 ? schedule.EvaluationSteps.Count - 1 : _kept;

    /// <summary>Trains a model without each fold and asks it about the fold.</summary>
    /// <param name="setup">The training.</param>
    /// <param name="folder">The folder that holds those of the runs.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="TiebreakException">A number is not finite, or a file cannot be written.</exception>
    public static async Task<FoldRuns> RunAsync(TuningSetup setup, string folder, CancellationToken cancellationToken)
    {
        var job = setup.Job;
        var asked = new int[job.FoldCount][];
        var weights = new List<string>();
        var evaluations = new IReadOnlyList<Evaluation>[job.FoldCount];
        for (var fold = 0; fold < job.FoldCount; fold++)
        {
            asked[fold] = [.. job.Inside(fold).Where(i => job.IsTarget[i])];
            var schedule = setup.ScheduleOf(job.Outside(fold));
            var place = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"fold-{fold + 1}"));
            if (setup.Tuning.AveragesFolds)
                weights.Add($"{place}.safetensors");
            evaluations[fold] = await new TuningRun
            {
                Setup = setup,
                Name = string.Create(CultureInfo.InvariantCulture, $"fold {fold + 1} of {job.FoldCount}"),
                Folder = place,
                Schedule = schedule,
                LastStep = schedule.Steps,
                Evaluated = new EvaluationSet(setup.Examples, asked[fold], setup.IsSymmetric),
            }.EvaluateAsync(weights.ElementAtOrDefault(fold), cancellationToken).ConfigureAwait(false);
        }

        // Folds of few battles may differ in their number of steps by one, and then in that of evaluations.
        var count = evaluations.Min(ofFold => ofFold.Count);
        double[] losses = [.. Enumerable.Range(0, count).Select(i => evaluations.Select(ofFold => ofFold[i].LogLoss)
            .Zip(asked, (loss, rows) => loss * rows.Length).Sum() / asked.Sum(rows => rows.Length))];
        var kept = setup.Tuning.KeepsBest ? Array.IndexOf(losses, losses.Min()) : count - 1;
        var outOfFold = new Preference[job.Battles.Count];
        Array.Fill(outOfFold, Preference.Uniform);
        for (var fold = 0; fold < job.FoldCount; fold++)
        {
            var chosen = evaluations[fold][kept == count - 1 ? ^1 : kept];
            for (var i = 0; i < asked[fold].Length; i++)
                outOfFold[asked[fold][i]] = chosen.Preferences[i];
        }

        return new FoldRuns(outOfFold, losses, kept, weights);
    }
}
