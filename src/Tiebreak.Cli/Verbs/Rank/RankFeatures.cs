using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Output.Rank;
using Tiebreak.Core;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.Cli.Verbs.Rank;

/// <summary>Ranking with features: fits, and shows coefficients and whether the features help on held-out votes.</summary>
internal static class RankFeatures
{
    /// <param name="session">Where to show.</param>
    /// <param name="input">The votes.</param>
    /// <param name="style">Style features to count in the texts (none named: the Arena's), or null.</param>
    /// <param name="columns">Numeric columns of the file instead.</param>
    /// <param name="penalty">The penalty on coefficients.</param>
    /// <param name="strengthPenalty">The penalty on strengths.</param>
    /// <param name="options">The leaderboard's options.</param>
    public static (Leaderboard Board, IReadOnlyList<Coefficient> Coefficients, JsonObject Json) Rank(
        Session session, RankInput input, string[]? style, string[] columns, double penalty, double strengthPenalty, LeaderboardOptions options)
    {
        var features = style is null
            ? FeatureTable.Of(columns, Differences(input, columns))
            : StyleFeatures.Of(input.Battles!, style.Length > 0 ? style : StyleFeatures.Arena, session.Threads);
        var fit = ContextualFit.Of(input.Votes, features, penalty, strengthPenalty, session.Threads);
        var coefficients = fit.Coefficients(options.Level, options.Clusters, session.Threads);
        var gain = FeatureGains.Measure(input.Votes, features, options.Clusters, session.Seed, session.Threads);

        session.Show(LeaderboardTables.Coefficients(coefficients).ToTerminal());
        session.Say($"The penalty is {penalty:G3} / 2 times the squared coefficients, beside a loss summed over {input.Votes.Count:N0} votes.");
        session.Say($"Held-out log loss {gain.Plain:F4} without features, {gain.WithFeatures:F4} with; difference " +
            $"{Signed.Format(gain.WithFeatures - gain.Plain, 4)}, 95 % interval {Signed.Format(gain.DifferenceInterval.Lower, 4)} to {Signed.Format(gain.DifferenceInterval.Upper, 4)}: " +
            (gain.DifferenceInterval.Upper < 0 ? "they help." : gain.DifferenceInterval.Lower > 0 ? "they do harm." : "not told from chance."));
        return (Leaderboard.Of(fit, options), coefficients, new JsonObject
        {
            ["features"] = LeaderboardJson.Coefficients(coefficients),
            ["feature_penalty"] = penalty,
            ["held_out"] = LeaderboardJson.Gain(gain),
        });
    }

    private static double[] Differences(RankInput input, string[] columns)
    {
        var differences = new double[input.Votes.Count * columns.Length];
        for (var k = 0; k < columns.Length; k++)
        {
            var labels = input.Labels(columns[k]);
            for (var row = 0; row < labels.Length; row++)
            {
                differences[(row * columns.Length) + k] = double.TryParse(labels[row], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new InputException($"Vote {row + 1} has \"{labels[row]}\" in the column {columns[k]}, which is no number. Leave the row or the feature out.");
            }
        }

        return differences;
    }
}
