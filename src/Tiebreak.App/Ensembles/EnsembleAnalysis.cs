using Tiebreak.App.Evaluating;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;

namespace Tiebreak.App.Ensembles;

/// <summary>Finds out on labelled battles what judges are worth together.</summary>
internal sealed record EnsembleAnalysis
{
    private const int Folds = 5;
    private const double LeastLoss = 1e-12; // differences below are rounding

    /// <summary>What the members are called.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>For each member one preference per battle.</summary>
    public required IReadOnlyList<Preference[]> Members { get; init; }

    /// <summary>The battles.</summary>
    public required LabelledBattles Labelled { get; init; }

    /// <summary>How weights are fitted; null where they are given.</summary>
    public BlendFit? Fit { get; init; }

    /// <summary>The blend of all members; null where they become one in another way.</summary>
    public Blend? Blend { get; init; }

    /// <summary>What they say together, where that is no blend.</summary>
    public IReadOnlyList<Preference>? Together { get; init; }

    /// <summary>For each member the seconds for 1,000 battles; null where that is not known.</summary>
    public IReadOnlyList<double>? Costs { get; init; }

    /// <summary>Whether each member is left out in turn.</summary>
    public bool Ablates { get; init; }

    /// <summary>How to cut the battles.</summary>
    public SliceChoice Slices { get; init; } = new() { HasAll = false };

    /// <summary>Each member as the report lists it.</summary>
    public IReadOnlyList<EnsembleMember> DescribeMembers() =>
    [
        .. Names.Select((name, k) => new EnsembleMember(
            name, Blend?.Weights[k], Blend?.MemberTemperatures[k], MemberAlarms.Find(Members, k, Labelled))
        {
            BinWeights = Blend?.Bins is null ? null : [.. Blend.BinWeights.Select(weights => weights[k])],
            LogLoss = LogLoss.PerRow(Members[k], Labelled.Targets).Average(),
            Accuracy = Members[k].Zip(Labelled.Targets).Average(row => row.First.Top == row.Second.Top ? 1.0 : 0.0),
            SecondsPerThousand = Costs?[k],
        }),
    ];

    /// <summary>What the members say together: each fold with what the others teach, where weights are fitted.</summary>
    public IReadOnlyList<Preference> Blended(JobContext context) =>
        Together ?? Blended([.. Enumerable.Range(0, Members.Count)], FoldsOf(context), context);

    /// <summary>Measures.</summary>
    /// <param name="blended">What the members say together; see <see cref="Blended(JobContext)"/>.</param>
    /// <param name="context">Seed and threads.</param>
    /// <param name="cancellationToken">Stops between fits.</param>
    public EnsembleReport Run(IReadOnlyList<Preference> blended, JobContext context, CancellationToken cancellationToken)
    {
        var folds = FoldsOf(context);
        int[] all = [.. Enumerable.Range(0, Members.Count)];
        var losses = LogLoss.PerRow(blended, Labelled.Targets);
        double[][] ofMembers = [.. Members.Select(said => LogLoss.PerRow(said, Labelled.Targets))];
        var best = all.MinBy(member => ofMembers[member].Average());
        var gains = Differences(ofMembers[best], losses);
        var without = Together is null
            ? all.Select(member => (Member: member, Losses: LossesOf([.. all.Where(other => other != member)], folds, context))).ToArray()
            : [];
        cancellationToken.ThrowIfCancellationRequested();
        var intervals = ClusterBootstrap.OfMeans(
            [losses, gains, .. without.Select(part => Differences(part.Losses, losses))], Labelled.Groups, context.Seed,
            threads: context.Threads);
        var prior = PriorJudge.SharesOf(Labelled.Targets);
        return new EnsembleReport
        {
            Rows = Labelled.Count,
            Prompts = Labelled.Groups.Max() + 1,
            IsFitted = Fit is not null,
            ClassSharesLogLoss = Labelled.Targets.Average(target => LogLoss.Of(prior, target)),
            LogLoss = losses.Average(),
            LogLossInterval = intervals[0],
            Best = Names[best],
            Gain = gains.Average(),
            GainInterval = intervals[1],
            Correlations = [.. Members.Select(one => Members.Select(other => MemberAlarms.Correlation(one, other)).ToArray())],
            Slices = [.. Slices.Cut(Labelled.Battles, context, cancellationToken).SelectMany(slicing => slicing.Slices)
                .Select(slice => GainOf(slice, losses, gains, context))],
            Ablation = !Ablates
                ? []
                : [.. without.Select((part, k) => new AblatedMember(
                    Names[part.Member], part.Losses.Average(), Differences(part.Losses, losses).Average(), intervals[k + 2]))],
            Sets = SetsOf(losses, without, ofMembers, folds, context, cancellationToken),
            HasCosts = Costs is not null,
        };
    }

    private int[] FoldsOf(JobContext context) => GroupedFolds.AssignAsFar(Labelled, Folds, context.Seed);

    /// <summary>What some members say together.</summary>
    private Preference[] Blended(int[] members, int[] folds, JobContext context)
    {
        Preference[][] some = [.. members.Select(member => Members[member])];
        return Fit is { } fit
            ? fit.CrossFit(some, Labelled, folds, context.Threads)
            : BlendFit.Apply(Blend!.Only(members), some, Labelled.Battles);
    }

    private double[] LossesOf(int[] members, int[] folds, JobContext context) =>
        LogLoss.PerRow(Blended(members, folds, context), Labelled.Targets);

    private SliceGain GainOf(Slice slice, double[] losses, double[] gains, JobContext context)
    {
        double[] ofSlice = [.. slice.Rows.Select(i => gains[i])];
        var groups = PromptGroup.Renumber(slice.Rows.Select(i => Labelled.Groups[i]));
        return new SliceGain(
            slice.Name, slice.Rows.Count, slice.Rows.Average(i => losses[i]), ofSlice.Average(),
            ClusterBootstrap.OfMean(ofSlice, groups, context.Seed, threads: context.Threads));
    }

    private List<MemberSet> SetsOf(
        double[] losses, (int Member, double[] Losses)[] without, double[][] ofMembers, int[] folds, JobContext context,
        CancellationToken cancellationToken)
    {
        int[] left = [.. Enumerable.Range(0, Members.Count)];
        var sets = new List<(int[] Members, double[] Losses)> { (left, losses) };
        while (left.Length > 2 && Together is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = left.Length == Members.Count
                ? without
                : [.. left.Select(member => (member, LossesOf([.. left.Where(other => other != member)], folds, context)))];
            var missedLeast = next.MinBy(part => part.Losses.Average());
            left = [.. left.Where(member => member != missedLeast.Member)];
            sets.Add((left, missedLeast.Losses));
        }

        // Alone a member has only its own temperature to be fitted.
        for (var member = 0; member < Members.Count; member++)
            sets.Add(([member], Fit is null ? ofMembers[member] : LossesOf([member], folds, context)));
        var lowest = sets.MinBy(set => set.Losses.Average()).Losses;
        var cheapest = sets.Where(set => IsWithinOneError(set.Losses, lowest))
            .OrderBy(set => CostOf(set.Members)).ThenBy(set => set.Losses.Average()).First();
        return
        [
            .. sets.Select(set => new MemberSet(
                [.. set.Members.Select(member => Names[member])], set.Losses.Average(), CostOf(set.Members),
                ReferenceEquals(set.Members, cheapest.Members))),
        ];
    }

    private double CostOf(int[] members) => Costs is null ? members.Length : members.Sum(member => Costs[member]);

    /// <summary>Whether the mean paired difference is at most its standard error, rows about one prompt counting as one.</summary>
    private bool IsWithinOneError(double[] losses, double[] lowest)
    {
        var differences = Differences(losses, lowest);
        var mean = differences.Average();
        var deviations = new double[Labelled.Groups.Max() + 1];
        for (var i = 0; i < differences.Length; i++)
            deviations[Labelled.Groups[i]] += differences[i] - mean;
        return mean <= (Math.Sqrt(deviations.Sum(deviation => deviation * deviation)) / differences.Length) + LeastLoss;
    }

    private static double[] Differences(double[] one, double[] other) => [.. one.Zip(other, (first, second) => first - second)];
}
