using System.Runtime.CompilerServices;
using Tiebreak.Native;

namespace Tiebreak.Testing;

/// <summary>
/// A test program is an executable like the command: without the settings, idle threads of OpenMP would take the processors from the tests
/// that run at the same time.
/// </summary>
internal static class NativeTestProcess
{
    [ModuleInitializer]
    internal static void Start() => ProcessSettings.Apply();
}
