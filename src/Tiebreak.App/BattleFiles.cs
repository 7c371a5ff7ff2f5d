using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Reading;

namespace Tiebreak.App;

/// <summary>Reads battle files the way every use case does: with progress, and with the problems of rows said.</summary>
public static class BattleFiles
{
    private const int KindsSaid = 10;
    private const int ExamplesSaid = 5;

    /// <summary>Reads files.</summary>
    /// <param name="context">Threads, progress and warnings.</param>
    /// <param name="paths">One file or more.</param>
    /// <param name="purpose">What the battles are for.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="states">A file with pooled states of the battles; null for none.</param>
    /// <param name="needsTexts">False where battles without any text will do.</param>
    /// <exception cref="InputException">
    /// A file cannot be read, or too little of it can be used; test rows are all kept, whatever is wrong with them.
    /// </exception>
    public static async Task<BattleSet> LoadAsync(
        JobContext context, IReadOnlyList<string> paths, BattlePurpose purpose, CancellationToken cancellationToken,
        string? states = null, bool needsTexts = true)
    {
        var options = context.Reading with
        {
            Purpose = purpose,
            Threads = context.Threads,
            Progress = context.Progress,
            NeedsTexts = needsTexts,
        };
        var set = await Task.Run(() => BattleSet.Load(paths, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (purpose is not BattlePurpose.Test && !context.AcceptsLoss)
        {
            LossRule.ThrowIfTooMuch(set.Rows, set.Problems);
            if (needsTexts)
                LossRule.ThrowIfNoTexts(set.Battles);
            LossRule.ThrowIfLabelsAreUnread(set.Battles, set.Unused);
        }

        SayNotices(context, set.Notices);
        SayProblems(context, set.Problems, purpose is BattlePurpose.Train ? "left out" : "kept with what could be read");
        return states is null ? set : set.WithStates(states, cancellationToken);
    }

    /// <summary>Says what is worth knowing about files besides the problems of rows.</summary>
    internal static void SayNotices(JobContext context, IReadOnlyList<string> notices)
    {
        foreach (var notice in notices)
            context.OnNote(notice);
    }

    /// <summary>Says every kind of problem once, with where the first rows stand that have it, and how many there are in all.</summary>
    /// <param name="context">Who is told.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="fate">What became of the rows: "left out".</param>
    public static void SayProblems(JobContext context, IReadOnlyList<RowProblem> problems, string fate)
    {
        if (problems.Count == 0)
            return;

        var kinds = LossRule.Grouped(problems).Select(kind => kind.ToArray()).ToList();
        foreach (var kind in kinds.Take(KindsSaid))
            context.Warn(Sentence(kind));
        var unsaid = kinds.Count > KindsSaid ? Invariant($"; {kinds.Count - KindsSaid:N0} more kinds of them are not listed") : "";
        context.Warn($"{Quantity.Of(problems.Count, "row with problems was", "rows with problems were")} {fate}{unsaid}.");
    }

    private static string Sentence(RowProblem[] kind)
    {
        var (first, like) = (kind[0], kind.Length - 1);
        if (like == 0)
            return $"{first}";

        string[] lines = [.. kind.Skip(1).Take(ExamplesSaid - 1).Select(problem => Invariant($"{problem.Line}"))];
        var others = like > lines.Length ? Invariant($" and {like - lines.Length:N0} others") : "";
        return Invariant($"{first} {like:N0} more like it: {(first.HasLines ? "line" : "row")} {string.Join(", ", lines)}{others}.");
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
