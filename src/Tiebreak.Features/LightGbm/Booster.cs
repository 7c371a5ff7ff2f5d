using System.Globalization;
using System.Text;
using Tiebreak.Core;

namespace Tiebreak.Features.LightGbm;

/// <summary>Trees: one per score and round. Predicting may happen on many threads at once.</summary>
internal sealed class Booster : IDisposable
{
    private static readonly string PredictionParameters = string
        .Create(CultureInfo.InvariantCulture, $"num_threads={LightGbmThreads.Unlimited}");

    private readonly BoosterHandle _handle;

    internal Booster(BoosterHandle handle)
    {
        _handle = handle;
        LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterGetNumFeature(_handle, out var features));
        LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterGetNumClasses(_handle, out var scores));
        (Features, Scores) = (features, scores);
    }

    /// <summary>Features that a row must have.</summary>
    public int Features { get; }

    /// <summary>Scores that a row gets.</summary>
    public int Scores { get; }

    /// <summary>Loads trees from LightGBM's text format.</summary>
    /// <param name="model">The text.</param>
    /// <param name="name">Where it comes from, for the error message.</param>
    /// <exception cref="InputException">Not a model.</exception>
    public static Booster Parse(string model, string name)
    {
        LightGbmLibrary.EnsureLoaded();
        try
        {
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterLoadModelFromString(model, out _, out var pointer));
            return new Booster(new BoosterHandle(pointer));
        }
        catch (TiebreakException exception) when (exception is not InputException)
        {
            throw new InputException($"{name} is not a LightGBM model: {exception.Message}", exception);
        }
    }

    /// <summary>The trees in LightGBM's text format.</summary>
    /// <param name="rounds">Only the first rounds; 0 for all.</param>
    public unsafe string Format(int rounds)
    {
        var buffer = new byte[1 << 20];
        while (true)
        {
            long length;
            fixed (byte* start = buffer)
            {
                LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterSaveModelToString(
                    _handle, 0, rounds == 0 ? -1 : rounds, 0, buffer.Length, out length, start));
            }

            if (length <= buffer.Length)
                return WithoutThreads(Encoding.UTF8.GetString(buffer, 0, (int)length - 1)); // ends with a zero byte
            buffer = new byte[length];
        }
    }

    /// <summary>The sums over the trees.</summary>
    /// <param name="features">One row per battle.</param>
    /// <param name="rounds">Only the first rounds; 0 for all.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns><c>[rows, Scores]</c>.</returns>
    public double[] ScoreRows(FeatureMatrix features, int rounds, int threads)
    {
        var scores = new double[features.Rows * Scores];
        Predict(features, LightGbmNative.PredictRawScore, rounds, threads, scores);
        return scores;
    }

    /// <summary>What each feature added to each score (SHAP values of trees, Lundberg et al. 2018, arXiv 1802.03888).</summary>
    /// <param name="features">One row per battle.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns><c>[rows, Scores, features + 1]</c>; the last is the mean score over the training data.</returns>
    public double[] Contributions(FeatureMatrix features, int threads)
    {
        var contributions = new double[features.Rows * Scores * (features.Columns + 1)];
        Predict(features, LightGbmNative.PredictContributions, rounds: 0, threads, contributions);
        return contributions;
    }

    /// <summary>How much each feature did for the trees: its share of what all splits together took off the training loss.</summary>
    /// <returns>One share per feature; they sum to 1, or are all 0 for trees without a split.</returns>
    public unsafe double[] Importances()
    {
        var gains = new double[Features];
        fixed (double* result = gains)
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterFeatureImportance(_handle, 0, LightGbmNative.ImportanceByGain, result));
        var total = gains.Sum();
        return total > 0 ? [.. gains.Select(gain => gain / total)] : gains;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // LightGBM lists its parameters behind the trees; the number of threads says nothing about them and would make equal models differ.
    private static string WithoutThreads(string model)
    {
        var start = model.IndexOf("[num_threads:", StringComparison.Ordinal);
        return start < 0 ? model : model.Remove(start, model.IndexOf('\n', start) + 1 - start);
    }

    private unsafe void Predict(FeatureMatrix features, int predictType, int rounds, int threads, double[] results)
    {
        if (features.Rows == 0)
            return;

        using var turn = LightGbmThreads.Take(threads);
        fixed (float* data = features.Values)
        fixed (double* result = results)
        {
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterPredictForMat(
                _handle, data, LightGbmNative.Float32, features.Rows, features.Columns, 1, predictType, 0,
                rounds == 0 ? -1 : rounds, PredictionParameters, out _, result));
        }
    }
}
