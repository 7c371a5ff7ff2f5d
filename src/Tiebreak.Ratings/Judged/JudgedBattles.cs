using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Judged;

/// <summary>
/// Battles in columns, of which people voted on some and a judge gave its preference on some. A score is what side A gets: 1 for a win, 1/2
/// for a tie, and for a judge P(A) + P(tie) / 2.
/// </summary>
public sealed class JudgedBattles
{
    private readonly Preference?[] _labels;

    private JudgedBattles(List<string> models, int[] modelA, int[] modelB, Verdict?[] verdicts, Preference?[] labels, double[] judge) =>
        (Models, ModelA, ModelB, Verdicts, _labels, Judge) = (models, modelA, modelB, verdicts, labels, judge);

    /// <summary>The names of the models.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>The model on side A of each battle, an index into <see cref="Models"/>.</summary>
    public int[] ModelA { get; }

    /// <summary>The model on side B of each battle.</summary>
    public int[] ModelB { get; }

    /// <summary>What was voted, or null where nobody has.</summary>
    public Verdict?[] Verdicts { get; }

    /// <summary>The judge's score of side A; NaN where the judge must not be asked.</summary>
    public double[] Judge { get; }

    /// <summary>The number of battles.</summary>
    public int Count => Judge.Length;

    /// <summary>Takes battles with the judge's preferences.</summary>
    /// <param name="battles">
    /// Battles that name two different models; a battle without a verdict and a soft label is one that nobody voted on.
    /// </param>
    /// <param name="preferences">
    /// The judge's preference on each, or null where it must not be asked because it was trained on the battle.
    /// </param>
    /// <exception cref="InputException">There are none, or a battle lacks a model or sets one against itself.</exception>
    public static JudgedBattles Of(IReadOnlyList<Battle> battles, IReadOnlyList<Preference?> preferences)
    {
        if (battles.Count != preferences.Count)
            throw new ArgumentException("There must be as many preferences as battles.", nameof(preferences));
        if (battles.Count == 0)
            throw new InputException("There are no battles to rank models by.");

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var (modelA, modelB) = (new int[battles.Count], new int[battles.Count]);
        for (var row = 0; row < battles.Count; row++)
        {
            (modelA[row], modelB[row]) = (Number(battles[row].ModelA), Number(battles[row].ModelB));
            if (modelA[row] == modelB[row])
            {
                throw new InputException($"Battle {battles[row].Id} sets {battles[row].ModelA} against itself; "
                    + "such battles say nothing about ratings. Leave them out.");
            }

            int Number(string? model)
            {
                if (string.IsNullOrEmpty(model))
                {
                    throw new InputException(
                        $"Battle {battles[row].Id} does not name its models. Leave it out, or add model_a and model_b.");
                }

                if (!numbers.TryGetValue(model, out var number))
                    numbers.Add(model, number = numbers.Count);
                return number;
            }
        }

        return new JudgedBattles(
            [.. numbers.Keys], modelA, modelB, [.. battles.Select(battle => battle.Verdict ?? battle.SoftLabel?.Top.ToVerdict())],
            [.. battles.Select(battle => battle.Target)],
            [.. preferences.Select(preference => preference is { } p ? p.A + (p.Tie / 2) : double.NaN)]);
    }

    /// <summary>The rows that people voted on.</summary>
    public int[] VotedRows => Rows(voted: true, judged: null);

    /// <summary>The votes at <see cref="VotedRows"/>.</summary>
    /// <exception cref="InputException">There are none.</exception>
    public VoteSet Votes()
    {
        var rows = VotedRows;
        var labels = Array.ConvertAll(rows, row => _labels[row]!.Value);
        return new VoteSet(
            Models, Take(ModelA, rows), Take(ModelB, rows), Array.ConvertAll(rows, row => Verdicts[row]!.Value),
            softLabels: Array.Exists(labels, label => label is not ({ A: 1 } or { B: 1 } or { Tie: 1 })) ? labels : null);
    }

    /// <summary>The battles at some places, with the same models.</summary>
    internal JudgedBattles At(int[] rows) => new(
        [.. Models], Take(ModelA, rows), Take(ModelB, rows), Take(Verdicts, rows), Take(_labels, rows), Take(Judge, rows));

    /// <summary>The same battles as if nobody had voted.</summary>
    internal JudgedBattles WithoutVotes() => new([.. Models], ModelA, ModelB, new Verdict?[Count], new Preference?[Count], Judge);

    /// <summary>The score that people gave side A: NaN where nobody voted.</summary>
    internal double Voted(int row) => _labels[row] is { } label ? label.A + (label.Tie / 2) : double.NaN;

    /// <summary>Rows of battles that have what is asked for.</summary>
    internal int[] Rows(bool? voted, bool? judged) => [.. Enumerable.Range(0, Count).Where(row =>
        (voted is null || voted == Verdicts[row].HasValue) && (judged is null || judged == !double.IsNaN(Judge[row])))];

    private static T[] Take<T>(T[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);
}
