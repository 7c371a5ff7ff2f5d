using Tiebreak.Data;

namespace Tiebreak.App;

/// <summary>Reads battle files the way every use case does: with progress, and with the problems of rows said.</summary>
public static class BattleFiles
{
    private const int ProblemsSaid = 5;

    /// <summary>Reads files.</summary>
    /// <param name="context">Threads, progress and warnings.</param>
    /// <param name="paths">One file or more.</param>
    /// <param name="purpose">What the battles are for.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="states">A file with pooled states of the battles; null for none.</param>
    /// <exception cref="Core.InputException">A file cannot be read, or holds nothing that can be used.</exception>
    public static async Task<BattleSet> LoadAsync(
        JobContext context, IReadOnlyList<string> paths, BattlePurpose purpose, CancellationToken cancellationToken, string? states = null)
    {
        var options = new BattleReadOptions { Purpose = purpose, Threads = context.Threads, Progress = context.Progress };
        var set = await Task.Run(() => BattleSet.Load(paths, options, cancellationToken), cancellationToken);
        SayProblems(context, set.Problems, purpose is BattlePurpose.Train ? "were left out" : "were kept with what could be read");
        return states is null ? set : set.WithStates(states, cancellationToken);
    }

    /// <summary>Says the first few problems in words, and how many there are.</summary>
    /// <param name="context">Who is told.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="fate">What became of the rows, continuing "rows with problems".</param>
    public static void SayProblems(JobContext context, IReadOnlyList<RowProblem> problems, string fate)
    {
        foreach (var problem in problems.Take(ProblemsSaid))
            context.Warn(problem.ToString());
        if (problems.Count == 0)
            return;
        var more = problems.Count > ProblemsSaid ? $"; the first {ProblemsSaid} are above" : "";
        context.Warn(Invariant($"{problems.Count:N0} rows with problems {fate}{more}."));
    }
}
