using Microsoft.Win32.SafeHandles;

namespace Tiebreak.Boosting.LightGbm;

/// <summary>A LightGBM booster; freed with this handle.</summary>
internal sealed class BoosterHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public BoosterHandle(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    protected override bool ReleaseHandle() => LightGbmNative.LGBM_BoosterFree(handle) == 0;
}
