using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Trees;

/// <summary>
/// The trees of a judge: one stage for the three outcomes, or one for ties and one for winners. A stage has one booster or several, grown
/// with different seeds, whose scores are averaged. Safe to call from many threads.
/// </summary>
/// <param name="stages">Boosters by stage.</param>
/// <param name="rounds">How many rounds of each stage count; null for all.</param>
internal sealed class TreeModel(IReadOnlyList<IReadOnlyList<Booster>> stages, IReadOnlyList<int>? rounds = null) : IDisposable
{
    private bool IsTwoStage => stages.Count == 2;

    /// <summary>Opens what <see cref="SaveAsync"/> wrote.</summary>
    /// <exception cref="InputException">Not trees, or not for these features.</exception>
    public static TreeModel Read(string folder, IReadOnlyList<TreeStage> stages, int members, FeatureSchema schema)
    {
        var opened = new List<Booster>();
        try
        {
            foreach (var (stage, member) in stages.SelectMany(stage => Enumerable.Range(0, members).Select(member => (stage, member))))
                opened.Add(Open(Path.Combine(folder, stage.FileOf(member)), stage.Objective.Scores, schema));
            return new TreeModel([.. opened.Chunk(members)]);
        }
        catch
        {
            foreach (var booster in opened)
                booster.Dispose();
            throw;
        }
    }

    /// <summary>What the trees say about rows of features.</summary>
    public Preference[] Predict(FeatureMatrix features, int threads)
    {
        double[][] scores = [.. stages.Select((_, stage) => Scores(stage, features, threads))];
        var preferences = new Preference[features.Rows];
        for (var i = 0; i < preferences.Length; i++)
        {
            preferences[i] = IsTwoStage
                ? Preference.FromScores(
                    -LogisticObjective.LogOnePlusExp(-scores[1][i]), -LogisticObjective.LogOnePlusExp(scores[1][i]), scores[0][i])
                : Preference.FromScores(scores[0][3 * i], scores[0][(3 * i) + 1], scores[0][(3 * i) + 2]);
        }

        return preferences;
    }

    /// <summary>The mean over both orders of what the trees say about rows of features.</summary>
    public Preference[] PredictBothOrders(FeatureMatrix features, FeatureSchema schema, int threads)
    {
        var preferences = Predict(features, threads);
        var swapped = new FeatureMatrix(features.Rows, features.Columns);
        for (var i = 0; i < features.Rows; i++)
            schema.Swap(features[i], swapped[i]);

        var other = Predict(swapped, threads);
        for (var i = 0; i < preferences.Length; i++)
            preferences[i] = SwapAveragedJudge.Mean(preferences[i], other[i].Swapped());
        return preferences;
    }

    /// <summary>What each feature of one battle added to the log odds of A against B and of a tie, as the mean over both orders.</summary>
    public (double TowardsA, double TowardsTie)[] Contributions(ReadOnlySpan<float> row, FeatureSchema schema, int threads)
    {
        var bothOrders = new FeatureMatrix(2, row.Length);
        row.CopyTo(bothOrders[0]);
        schema.Swap(row, bothOrders[1]);
        double[][] contributions = [.. stages.Select(members => Mean(members, booster => booster.Contributions(bothOrders, threads)))];
        var result = new (double TowardsA, double TowardsTie)[row.Length];
        for (var k = 0; k < result.Length; k++)
        {
            double Of(int stage, int order, int score) =>
                contributions[stage][(((order * stages[stage][0].Scores) + score) * (bothOrders.Columns + 1)) + k];

            // The second row is the swapped battle: there, the score of B is that of A.
            var (a, b, tie) = IsTwoStage
                ? ((Of(1, 0, 0) - Of(1, 1, 0)) / 4, (Of(1, 1, 0) - Of(1, 0, 0)) / 4, (Of(0, 0, 0) + Of(0, 1, 0)) / 2)
                : ((Of(0, 0, 0) + Of(0, 1, 1)) / 2, (Of(0, 0, 1) + Of(0, 1, 0)) / 2, (Of(0, 0, 2) + Of(0, 1, 2)) / 2);
            result[k] = (a - b, tie - ((a + b) / 2));
        }

        return result;
    }

    /// <summary>Each feature's share of what all splits took off the training loss, the mean over stages and boosters.</summary>
    public double[] Importances() => Mean([.. stages.SelectMany(members => members)], booster => booster.Importances());

    /// <summary>Writes the trees into a bundle.</summary>
    public async Task SaveAsync(string folder, IReadOnlyList<TreeStage> names)
    {
        for (var stage = 0; stage < stages.Count; stage++)
        {
            for (var member = 0; member < stages[stage].Count; member++)
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder, names[stage].FileOf(member)), stages[stage][member].Format(rounds?[stage] ?? 0))
                        .ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var booster in stages.SelectMany(members => members))
            booster.Dispose();
    }

    private static Booster Open(string path, int scores, FeatureSchema schema)
    {
        var text = File.ReadAllText(path);
        var booster = Booster.Parse(text, path);
        if (booster.Scores == scores && booster.Features == schema.Names.Count
            && text.Contains($"\nfeature_names={string.Join(' ', schema.Names)}\n", StringComparison.Ordinal))
        {
            return booster;
        }

        booster.Dispose();
        throw new InputException($"{path} was trained on other features or outcomes than this program computes. Use the matching Tiebreak, "
            + "or train the judge again.");
    }

    private double[] Scores(int stage, FeatureMatrix features, int threads) =>
        Mean(stages[stage], booster => booster.ScoreRows(features, rounds?[stage] ?? 0, threads));

    private static double[] Mean(IReadOnlyList<Booster> members, Func<Booster, double[]> values)
    {
        var sum = values(members[0]);
        foreach (var member in members.Skip(1))
        {
            var more = values(member);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += more[i];
        }

        if (members.Count > 1)
        {
            for (var i = 0; i < sum.Length; i++)
                sum[i] /= members.Count;
        }

        return sum;
    }
}
