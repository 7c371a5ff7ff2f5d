using Tiebreak.Core.Judging;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Judges.Readings;

namespace Tiebreak.Transformers.Tuning;

/// <summary>What all runs of one training have in common: those of the folds and that of the judge.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Input">How battles go into the model.</param>
/// <param name="Reading">How outputs become preferences.</param>
/// <param name="Examples">The battles.</param>
/// <param name="Job">Seed, placement, work folder, and who is told.</param>
internal sealed record TuningSetup(JudgeRecipe Recipe, BattleInput Input, OutputReading Reading, TuningExamples Examples, TrainingJob Job)
{
    /// <summary>The recipe's section.</summary>
    public TuningRecipe Tuning => Recipe.Tuning!;

    /// <summary>Whether the order of A and B changes nothing: each side is read by itself, and only the difference counts.</summary>
    public bool IsSymmetric => Recipe.Head is HeadKind.Reward;

    /// <summary>The steps of the training on masked tokens: all battles, each in one order by chance.</summary>
    public BatchSchedule MaskedSchedule => Tuning.MaskedSchedule([.. Enumerable.Range(0, Job.Battles.Count)], Job.Seed);

    /// <summary>The steps of a training on some of the battles.</summary>
    public BatchSchedule ScheduleOf(IReadOnlyList<int> rows) => new(
        [.. rows.Where(i => Job.IsTarget[i])], [.. rows.Where(i => !Job.IsTarget[i])], Tuning, Job.Seed);
}
