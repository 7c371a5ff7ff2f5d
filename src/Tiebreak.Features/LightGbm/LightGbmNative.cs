using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

// The default search is meant: the package's runtimes folder first, by the application's dependency list.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
namespace Tiebreak.Features.LightGbm;

/// <summary>The part of LightGBM's C interface that training with soft labels needs (LightGBM 4.7, <c>c_api.h</c>).</summary>
internal static unsafe partial class LightGbmNative
{
    public const string Library = "lib_lightgbm";

    public const int Float32 = 0;
    public const int PredictRawScore = 1;
    public const int PredictContributions = 3;
    public const int ImportanceByGain = 1;

    [LibraryImport(Library)]
    public static partial nint LGBM_GetLastError();

    [LibraryImport(Library)]
    public static partial int LGBM_SetMaxThreads(int threads);

    [LibraryImport(Library)]
    public static partial int LGBM_RegisterLogCallback(delegate* unmanaged<byte*, void> callback);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetCreateFromMats(
        int parts, float** data, int dataType, int[] rows, int columns, int[] isRowMajor, string parameters, nint reference,
        out nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetSetField(DatasetHandle dataset, string field, float* data, int count, int dataType);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetSetFeatureNames(DatasetHandle dataset, string[] names, int count);

    [LibraryImport(Library)]
    public static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterCreate(DatasetHandle trainingData, string parameters, out nint booster);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterAddValidData(BoosterHandle booster, DatasetHandle validationData);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterUpdateOneIterCustom(BoosterHandle booster, float* gradient, float* hessian, out int isFinished);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetPredict(BoosterHandle booster, int dataIndex, out long count, double* scores);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterPredictForMat(
        BoosterHandle booster, float* data, int dataType, int rows, int columns, int isRowMajor, int predictType, int startIteration,
        int iterations, string parameters, out long count, double* result);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterSaveModelToString(
        BoosterHandle booster, int startIteration, int iterations, int importanceType, long bufferLength, out long length, byte* buffer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterLoadModelFromString(string model, out int iterations, out nint booster);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetNumFeature(BoosterHandle booster, out int count);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetNumClasses(BoosterHandle booster, out int count);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterFeatureImportance(BoosterHandle booster, int iterations, int importanceType, double* results);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterFree(nint booster);
}

/// <summary>A LightGBM booster; freed with this handle.</summary>
internal sealed class BoosterHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public BoosterHandle(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    protected override bool ReleaseHandle() => LightGbmNative.LGBM_BoosterFree(handle) == 0;
}

/// <summary>A LightGBM data set; freed with this handle.</summary>
internal sealed class DatasetHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public DatasetHandle(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    protected override bool ReleaseHandle() => LightGbmNative.LGBM_DatasetFree(handle) == 0;
}
