using Microsoft.Win32.SafeHandles;

namespace Tiebreak.Boosting.LightGbm;

/// <summary>A LightGBM data set; freed with this handle.</summary>
internal sealed class DatasetHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public DatasetHandle(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    protected override bool ReleaseHandle() => LightGbmNative.LGBM_DatasetFree(handle) == 0;
}
