namespace Tiebreak.Features.LightGbm;

/// <summary>
/// Rows as LightGBM keeps them, their features in bins of one byte, with what people said about them. Boosters can share them.
/// </summary>
internal sealed class BinnedRows : IDisposable
{
    private BinnedRows(DatasetHandle handle, LabelledRows labels) => (Handle, Labels) = (handle, labels);

    public DatasetHandle Handle { get; }

    /// <summary>Targets and weights; the features are not kept.</summary>
    public LabelledRows Labels { get; }

    public int Count => Labels.Targets.Count;

    /// <summary>Puts features into bins.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="featureNames">One name per feature, without spaces.</param>
    /// <param name="parameters">LightGBM's parameters.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="reference">Rows whose bins are used; null for bins of their own.</param>
    public static unsafe BinnedRows Create(
        LabelledRows rows, IReadOnlyList<string> featureNames, string parameters, int threads, BinnedRows? reference)
    {
        using var turn = LightGbmThreads.Take(threads);
        var features = rows.Features;
        nint pointer;
        fixed (float* first = features.Values, second = rows.Swapped?.Values)
        {
            var data = stackalloc float*[] { first, second };
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetCreateFromMats(
                second is null ? 1 : 2, data, LightGbmNative.Float32, [features.Rows, features.Rows], features.Columns, [1, 1], parameters,
                reference?.Handle.DangerousGetHandle() ?? 0, out pointer));
        }

        var handle = new DatasetHandle(pointer);
        fixed (float* labels = new float[rows.Targets.Count]) // asked for by LightGBM, never used by a custom objective
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetSetField(handle, "label", labels, rows.Targets.Count, LightGbmNative.Float32));
        if (reference is null)
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetSetFeatureNames(handle, [.. featureNames], featureNames.Count));
        return new BinnedRows(handle, rows with { Features = new FeatureMatrix(0, features.Columns), Swapped = null });
    }

    public void Dispose() => Handle.Dispose();
}
