using System.Globalization;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.LightGbm;

/// <summary>Trees for three outcomes; one tree per outcome and round. Predicting may happen on many threads at once.</summary>
public sealed class Booster : IDisposable
{
    private const int Classes = 3;

    private readonly BoosterHandle _handle;

    internal Booster(BoosterHandle handle) => _handle = handle;

    /// <summary>Features that a row must have.</summary>
    public int Features
    {
        get
        {
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterGetNumFeature(_handle, out var count));
            return count;
        }
    }

    /// <summary>Loads trees from LightGBM's text format.</summary>
    /// <param name="model">The text.</param>
    /// <param name="name">Where it comes from, for the error message.</param>
    /// <exception cref="InputException">Not a model, or not one for three outcomes.</exception>
    public static Booster Parse(string model, string name)
    {
        LightGbmLibrary.EnsureLoaded();
        try
        {
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterLoadModelFromString(model, out _, out var pointer));
            var handle = new BoosterHandle(pointer);
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterGetNumClasses(handle, out var classes));
            if (classes == Classes)
                return new Booster(handle);

            handle.Dispose();
            throw new InputException($"{name} has trees for {classes} outcomes, but three (A, B, tie) are needed. Train the judge again.");
        }
        catch (TiebreakException exception) when (exception is not InputException)
        {
            throw new InputException($"{name} is not a LightGBM model: {exception.Message}", exception);
        }
    }

    /// <summary>The trees in LightGBM's text format.</summary>
    /// <param name="rounds">Only the first rounds.</param>
    public unsafe string Format(int rounds)
    {
        var buffer = new byte[1 << 20];
        while (true)
        {
            long length;
            fixed (byte* start = buffer)
                LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterSaveModelToString(_handle, 0, rounds, 0, buffer.Length, out length, start));
            if (length <= buffer.Length)
                return WithoutThreads(Encoding.UTF8.GetString(buffer, 0, (int)length - 1)); // ends with a zero byte
            buffer = new byte[length];
        }
    }

    /// <summary>Softmax over the trees' scores.</summary>
    /// <param name="features">One row per battle.</param>
    /// <param name="rounds">Only the first rounds; 0 for all.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>One preference per row.</returns>
    public Preference[] Predict(FeatureMatrix features, int rounds, int threads)
    {
        var scores = new double[features.Rows * Classes];
        Predict(features, LightGbmNative.PredictRawScore, rounds, threads, scores);
        var preferences = new Preference[features.Rows];
        for (var i = 0; i < preferences.Length; i++)
            preferences[i] = Preference.FromScores(scores[Classes * i], scores[(Classes * i) + 1], scores[(Classes * i) + 2]);
        return preferences;
    }

    /// <summary>What each feature added to each score (SHAP values of trees, Lundberg et al. 2018, arXiv 1802.03888).</summary>
    /// <param name="features">One row per battle.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns><c>[rows, outcomes, features + 1]</c>; the last is the mean score over the training data.</returns>
    public double[] Contributions(FeatureMatrix features, int threads)
    {
        var contributions = new double[features.Rows * Classes * (features.Columns + 1)];
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

        fixed (float* data = features.Values)
        fixed (double* result = results)
        {
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterPredictForMat(
                _handle, data, LightGbmNative.Float32, features.Rows, features.Columns, 1, predictType, 0,
                rounds == 0 ? -1 : rounds, string.Create(CultureInfo.InvariantCulture, $"num_threads={threads}"), out _, result));
        }
    }
}
