using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;
using Tiebreak.Features.Linear;
using Tiebreak.Features.Trees;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>
/// The judge kind "feature": its bundle holds trees (LightGBM's text format, see <see cref="TreeStage"/>) and the files of the learned
/// groups.
/// </summary>
public sealed class FeatureJudgeFormat : IJudgeFormat
{
    /// <inheritdoc/>
    public string Kind => "feature";

    /// <inheritdoc/>
    public IJudgeTrainer CreateTrainer(Recipe recipe)
    {
        var options = recipe.Bind(FeatureJudgeJson.Default.FeatureJudgeOptions, new FeatureJudgeOptions());
        Validate(options);
        return new FeatureJudgeTrainer(
            options, JsonSerializer.SerializeToNode(options, FeatureJudgeJson.Default.FeatureJudgeOptions)!.AsObject());
    }

    /// <inheritdoc/>
    public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default)
    {
        var folder = opening.Folder;
        var recipe = new Recipe(Kind, opening.Manifest.Recipe);
        var options = recipe.Bind(FeatureJudgeJson.Default.FeatureJudgeOptions, new FeatureJudgeOptions());
        var pipeline = FeatureGroups.Read(folder, options.Features);
        var trees = TreeModel.Read(folder, TreeStage.Of(options.Boosting), options.Boosting.Members, pipeline.Schema);
        try
        {
            var counted = new FeatureSchema([.. pipeline.Schema.Columns.Take(pipeline.CountedColumns)]);
            LinearModel? Linear(string name) =>
                File.Exists(Path.Combine(folder, name)) ? LinearModel.Read(folder, counted, name) : null;
            return Task.FromResult<IJudge>(new FeatureJudge(
                pipeline, trees, Linear(LinearModel.FileName), options.Linear.Share, Linear(AcceptabilityTrainer.FileName),
                opening.Placement.Threads));
        }
        catch
        {
            trees.Dispose();
            throw;
        }
    }

    private static void Validate(FeatureJudgeOptions options)
    {
        var (boosting, terms) = (options.Boosting, options.Terms);
        Require(boosting.Rounds is >= 1 and <= 100_000, "boosting.rounds", "1 to 100000");
        Require(boosting.Patience >= 1, "boosting.patience", "1 or more");
        Require(boosting.LearningRate is > 0 and <= 1, "boosting.learning_rate", "above 0, up to 1");
        Require(boosting.Leaves is >= 2 and <= 4096, "boosting.leaves", "2 to 4096");
        Require(boosting.MinRowsInLeaf >= 1, "boosting.min_rows_in_leaf", "1 or more");
        Require(boosting.FeatureFraction is > 0 and <= 1, "boosting.feature_fraction", "above 0, up to 1");
        Require(boosting.RowFraction is > 0 and <= 1, "boosting.row_fraction", "above 0, up to 1");
        Require(boosting.PathSmooth is >= 0 and < double.PositiveInfinity, "boosting.path_smooth", "0 or more");
        Require(boosting.Members is >= 1 and <= 100, "boosting.members", "1 to 100");
        Require(boosting.L2 is >= 0 and < double.PositiveInfinity, "boosting.l2", "0 or more");
        Require(
            options.Sources.Weights.Count is >= 1 and <= 20 && options.Sources.Weights.All(weight => weight is > 0 and <= 10),
            "sources.weights",
            "1 to 20 numbers above 0, up to 10");
        Require(options.Sources.StandardErrors is >= 0 and <= 10, "sources.standard_errors", "0 to 10");
        Require(options.Linear.Share is >= 0 and <= 1, "linear.share", "0 to 1");
        Require(options.Linear.L2 is > 0 and < double.PositiveInfinity, "linear.l2", "above 0");
        Require(options.Linear.MaxSteps >= 1, "linear.max_steps", "1 or more");
        Require(options.States.Components is >= 1 and <= 1024, "states.components", "1 to 1024");
        Require(options.States.L2 is > 0 and < double.PositiveInfinity, "states.l2", "above 0");
        Require(terms.MaxTerms is >= 0 and <= 1_000_000, "terms.max_terms", "0 to 1000000");
        Require(terms.MinTexts >= 1, "terms.min_texts", "1 or more");
        Require(terms.L2 is > 0 and < double.PositiveInfinity, "terms.l2", "above 0");
        Require(terms.MaxSteps >= 1, "terms.max_steps", "1 or more");
    }

    private static void Require(bool condition, string key, string allowed)
    {
        if (!condition)
            throw new InputException($"The recipe's key \"{key}\" is out of range. Allowed: {allowed}.");
    }
}
