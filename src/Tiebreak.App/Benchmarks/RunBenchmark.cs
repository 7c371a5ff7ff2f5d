using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;

namespace Tiebreak.App.Benchmarks;

/// <summary>Scores a judge on a public benchmark by its own rule, beside what needs no judge.</summary>
public sealed record RunBenchmark
{
    /// <summary>The benchmark's name, such as <c>judgebench</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>The benchmark's own files.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none.</summary>
    public string? Numbers { get; init; }

    /// <summary>The names of all benchmarks.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Benchmark.All.Select(benchmark => benchmark.Name)];

    /// <summary>What to say to somebody who has not got a benchmark's files: the public set to fetch; null where none is known.</summary>
    /// <param name="name">The benchmark's name.</param>
    /// <exception cref="InputException">There is no such benchmark.</exception>
    public static string? SetOf(string name) => Benchmark.Find(name).Set;

    /// <summary>Runs.</summary>
    /// <exception cref="InputException">There is no such benchmark, or the bundle or the files cannot be used.</exception>
    public async Task<BenchmarkDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var benchmark = Benchmark.Find(Name);
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        var (battles, files, remarks) = (new List<Battle>(), new List<string>(), new List<string>());
        foreach (var path in Data)
        {
            // One file at a time: benchmarks count their rows anew in each.
            var set = await BattleFiles.LoadAsync(context, [path], BattlePurpose.Train, cancellationToken, States).ConfigureAwait(false);
            set = NumbersInput.Supply(context, bundle, set, Numbers, mayLack: false, cancellationToken);
            battles.AddRange(set.Battles);
            files.AddRange(Enumerable.Repeat(path, set.Battles.Count));
            remarks.AddRange(SeenShare.Of(context, bundle, set).Remarks);
        }

        var judged = await Judging.RunInBothOrdersAsync(context, bundle, battles, cancellationToken).ConfigureAwait(false);
        BenchmarkAnswer[] answers =
        [
            .. battles.Select((battle, i) => new BenchmarkAnswer(
                files[i], battle, battle.Verdict?.ToOutcome() ?? battle.Target!.Value.Top, judged.AsGiven[i],
                judged.Exchanged[i].Swapped(), judged.Answers[i])),
        ];
        Preference[] targets = [.. answers.Select(answer => Preference.Certain(answer.Better))];
        remarks.AddRange(PromiseRemarks.Of(bundle.Manifest, judged.Answers, targets));
        return BenchmarkDocument.Create(
            benchmark, Judge, answers, bundle.OneOrder.Traits.IsSymmetric, [.. remarks.Distinct(StringComparer.Ordinal)],
            PromiseRemarks.Abstention(bundle.Manifest, judged.Answers, targets), context.Seed, context.Threads);
    }

    /// <summary>What a judge answers that always prefers the side which it reads first.</summary>
    internal static BenchmarkAnswer Constant(BenchmarkAnswer answer) => answer with
    {
        First = Preference.Certain(Outcome.A),
        Second = Preference.Certain(Outcome.B),
        Said = Preference.Certain(Outcome.A),
    };

    /// <summary>What a judge answers that throws a coin for each order.</summary>
    internal static BenchmarkAnswer[] Random(IReadOnlyList<BenchmarkAnswer> answers, ulong seed)
    {
        var random = new SeededRandom(seed, stream: 7);
        return
        [
            .. answers.Select(answer =>
            {
                var (first, second) = (Preference.Certain((Outcome)random.Next(2)), Preference.Certain((Outcome)random.Next(2)));
                return answer with { First = first, Second = second, Said = first };
            }),
        ];
    }

    /// <summary>What a judge answers that prefers the longer response.</summary>
    internal static BenchmarkAnswer LongerWins(BenchmarkAnswer answer)
    {
        var difference = answer.Battle.Turns.Sum(turn => (long)(turn.ResponseA?.Length ?? 0) - (turn.ResponseB?.Length ?? 0));
        var said = Preference.Certain(difference > 0 ? Outcome.A : difference < 0 ? Outcome.B : Outcome.Tie);
        return answer with { First = said, Second = said, Said = said };
    }
}
