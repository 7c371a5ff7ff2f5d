using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Facts;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Votes;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.App.Ranking;

/// <summary>The votes to rank by, from a file of votes or of battles, with what is known about each.</summary>
internal sealed class VoteInput
{
    private readonly Func<string, string[]?> _labels;

    private VoteInput(
        VoteSet votes,
        DateTimeOffset[]? timestamps,
        IReadOnlyList<Battle>? battles,
        IReadOnlyList<RowProblem> problems,
        Func<string, string[]?> labels) =>
        (Votes, Timestamps, Battles, Problems, _labels) = (votes, timestamps, battles, problems, labels);

    public VoteSet Votes { get; }

    /// <summary>When each vote was cast, or null if no row says.</summary>
    public DateTimeOffset[]? Timestamps { get; }

    /// <summary>The battles of the votes, or null if only votes were read.</summary>
    public IReadOnlyList<Battle>? Battles { get; }

    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>Reads a file; battles with texts where they are needed or the file has no columns of votes.</summary>
    /// <param name="context">Threads, progress and warnings.</param>
    /// <param name="path">The file.</param>
    /// <param name="needsTexts">True to read the texts even if the votes could be had without.</param>
    /// <param name="columns">Columns that will be asked for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<VoteInput> LoadAsync(
        JobContext context, string path, bool needsTexts, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        if (needsTexts || !VoteReader.CanRead(path, context.Reading.Mapping))
        {
            var battles = await BattleFiles.LoadAsync(
                context, [path], BattlePurpose.Train, cancellationToken, needsTexts: needsTexts).ConfigureAwait(false);
            return FromBattles(context, battles);
        }

        var options = context.Reading with { Threads = context.Threads, Progress = context.Progress };
        string[] furtherColumns = [.. columns.Except(VoteTable.LabelNames, StringComparer.Ordinal)];
        var table = await Task.Run(() => VoteReader.Read(path, options, furtherColumns, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (!context.AcceptsLoss)
            LossRule.ThrowIfTooMuch(table.Count + table.Problems.Count, table.Problems);
        BattleFiles.SayNotices(context, table.Notices);
        BattleFiles.SayProblems(context, table.Problems, "left out");
        var votes = new VoteSet(table.Models, table.ModelA, table.ModelB, table.Verdicts, table.Weights);
        return new VoteInput(votes, table.Timestamps, battles: null, table.Problems, table.Label);
    }

    /// <summary>What a column says of each vote; empty where it says nothing.</summary>
    /// <exception cref="InputException">The votes have no such column.</exception>
    public string[] Labels(string name) => _labels(name) ?? throw Unsaid(name);

    /// <summary>Refuses a column that says nothing of any vote.</summary>
    /// <exception cref="InputException">It is such a column, or there is none.</exception>
    public void ThrowIfUnsaid(string name)
    {
        if (Array.TrueForAll(Labels(name), label => label.Length == 0))
            throw Unsaid(name);
    }

    /// <summary>The votes without some models.</summary>
    /// <exception cref="InputException">A model is in none of the votes.</exception>
    public VoteInput Without(IReadOnlyCollection<string> models)
    {
        if (models.FirstOrDefault(model => !Votes.Models.Contains(model, StringComparer.Ordinal)) is { } unknown)
            throw new InputException($"{unknown} cannot be excluded: it is not among the {Votes.Models.Count} models.");
        if (models.Count == 0)
            return this;

        var isLeftOut = Votes.Models.Select(model => models.Contains(model, StringComparer.Ordinal)).ToArray();
        return At(
            [.. Enumerable.Range(0, Votes.Count).Where(row => !isLeftOut[Votes.ModelA[row]] && !isLeftOut[Votes.ModelB[row]])]);
    }

    /// <summary>The votes at some places, and the models that they are about.</summary>
    public VoteInput At(int[] rows) => new(
        Votes.At(rows).WithoutUnusedModels(),
        Timestamps is null ? null : [.. rows.Select(row => Timestamps[row])],
        Battles is null ? null : [.. rows.Select(row => Battles[row])],
        Problems,
        name => _labels(name) is { } labels ? [.. rows.Select(row => labels[row])] : null);

    /// <summary>The same with other votes in the same rows, for instance with weights.</summary>
    public VoteInput With(VoteSet votes) => new(votes, Timestamps, Battles, Problems, _labels);

    /// <summary>Names that differ only in case, blanks or signs are probably one model.</summary>
    public void WarnOfSimilarNames(JobContext context)
    {
        foreach (var names in Votes.Models.GroupBy(Plain, StringComparer.Ordinal).Where(names => names.Count() > 1))
        {
            context.Warn($"{string.Join(" and ", names.Select(name => $"\"{name}\""))} are rated as different models. " +
                "If they are one, give them one name.");
        }
    }

    private static VoteInput FromBattles(JobContext context, BattleSet set)
    {
        var battles = set.Battles.Where(battle => battle is { Target: not null, ModelA.Length: > 0, ModelB.Length: > 0 }
            && !string.Equals(battle.ModelA, battle.ModelB, StringComparison.Ordinal)).ToList();
        if (battles.Count < set.Battles.Count)
        {
            var leftOut = set.Battles.Count - battles.Count;
            if (!context.AcceptsLoss)
                LossRule.ThrowIfNotVotes(leftOut, set.Battles.Count);
            context.Warn(
                $"{Quantity.Of(leftOut, "battle has", "battles have")} no verdict, no model names or one model twice, and " +
                $"{(leftOut == 1 ? "was" : "were")} left out.");
        }

        var votes = VotesOf(battles);
        var timestamps = battles.Exists(battle => battle.Timestamp is not null)
            ? battles.Select(battle => battle.Timestamp ?? DateTimeOffset.MinValue).ToArray()
            : null;
        var outlines = new Lazy<BattleFacts[]>(() => BattleFacts.Of(battles, context.Threads, readsTexts: false));
        var facts = new Lazy<BattleFacts[]>(() => BattleFacts.Of(battles, context.Threads));

        // A battle has two models: a rating of one model's battles alone says nothing.
        return new VoteInput(votes, timestamps, battles, set.Problems, name => SliceKey.Find(name) is { Overlaps: false } key
            ? key.Label((key.ReadsTexts ? facts : outlines).Value)
            : TagSlices.IsName(name) ? TagSlices.Labels(battles) : null);
    }

    private InputException Unsaid(string name) => new((name, Battles) switch
    {
        ("voter", null) => "The votes do not say who cast them: the file has no column voter, judge or worker.",
        (_, null) => $"The votes do not say the {name}. Name a column of the file, or rank a file of battles, which have texts.",
        _ => $"Battles do not say the {name}. They have "
            + $"{string.Join(", ", SliceKey.All.Where(key => !key.Overlaps || TagSlices.IsName(key.Name)).Select(key => key.Name))}.",
    });

    private static VoteSet VotesOf(List<Battle> battles)
    {
        var votes = VoteSet.Of(battles.Select(battle =>
            new Vote(battle.ModelA!, battle.ModelB!, battle.Verdict ?? battle.SoftLabel!.Value.Top.ToVerdict())));
        return battles.Exists(battle => battle.SoftLabel is not null)
            ? votes.WithSoftLabels([.. battles.Select(battle => battle.Target!.Value)])
            : votes;
    }

    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '_')))
            plain.Append(char.ToLowerInvariant(c));
        return plain.ToString();
    }
}
