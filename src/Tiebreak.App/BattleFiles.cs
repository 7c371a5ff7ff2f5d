using Tiebreak.Core;
using Tiebreak.Core.Battles;
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
    /// <exception cref="InputException">A file cannot be read, or holds nothing that can be used.</exception>
    public static async Task<BattleSet> LoadAsync(
        JobContext context, IReadOnlyList<string> paths, BattlePurpose purpose, CancellationToken cancellationToken, string? states = null)
    {
        var options = new BattleReadOptions { Purpose = purpose, Threads = context.Threads, Progress = context.Progress };
        var set = await Task.Run(() => BattleSet.Load(paths, options, cancellationToken), cancellationToken).ConfigureAwait(false);
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

    /// <summary>Writes battles in the format that the file's name asks for.</summary>
    /// <param name="path">A name that ends in .jsonl, .csv or .parquet; of the first two, .gz or .zst may follow.</param>
    /// <param name="battles">The battles. As CSV they have labels if every battle has one.</param>
    /// <exception cref="InputException">The name ends otherwise.</exception>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<Battle> battles)
    {
        var isCompressed = Path.GetExtension(path).ToUpperInvariant() is ".GZ" or ".ZST";
        var name = isCompressed ? Path.ChangeExtension(path, null) : path;
        if (name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
            BattleWriter.WriteJsonl(path, battles);
        else if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            BattleWriter.WriteParquet(path, battles);
        else if (!name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"The format of {path} is not known. End its name in .jsonl, .csv (.gz or .zst behind) or .parquet.");
        else if (battles.All(battle => battle.Verdict is not null))
            BattleWriter.WriteKaggleTrain(path, battles);
        else
            BattleWriter.WriteKaggleTest(path, battles);
    }
}
