using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tiebreak.Core;
using Tiebreak.Native;

namespace Tiebreak.Features.LightGbm;

/// <summary>The native library behind the trees: loading it with the true error, and turning its return codes into exceptions.</summary>
public static class LightGbmLibrary
{
    /// <summary>The version of the package that this project pins.</summary>
    public const string Version = "4.7.0";

    private static readonly Lazy<NativeLibraryState> Loading = new(Load);

    [ThreadStatic]
    private static bool _isQuiet;

    /// <summary>Loads the library if that has not happened yet, and says how it went.</summary>
    public static NativeLibraryState State => Loading.Value;

    /// <summary>Makes sure that the library is there.</summary>
    /// <exception cref="TiebreakException">It cannot be loaded; the message has the true cause.</exception>
    internal static unsafe void EnsureLoaded()
    {
        if (!State.IsLoaded)
        {
            throw new TiebreakException($"LightGBM cannot be loaded: {State.Detail}. `tiebreak doctor` shows every library.")
            {
                Code = ErrorCodes.NativeLibrary,
            };
        }

        if (_isQuiet)
            return;

        // LightGBM keeps the place to log to for each thread.
        Check(LightGbmNative.LGBM_RegisterLogCallback(&Ignore));
        _isQuiet = true;
    }

    /// <exception cref="TiebreakException">LightGBM reported an error.</exception>
    internal static void Check(int returnCode, [CallerArgumentExpression(nameof(returnCode))] string call = "")
    {
        if (returnCode != 0)
        {
            throw new TiebreakException(
                $"LightGBM failed in {call.Split('(')[0]}: {Marshal.PtrToStringUTF8(LightGbmNative.LGBM_GetLastError())}");
        }
    }

    private static NativeLibraryState Load() =>
        NativeLoader.TryLoad($"LightGBM {Version}", LightGbmNative.Library, typeof(LightGbmLibrary).Assembly);

    // LightGBM logs to standard output, which belongs to the results of a program; its errors come back as return codes.
    [UnmanagedCallersOnly]
    private static unsafe void Ignore(byte* message)
    {
    }
}
