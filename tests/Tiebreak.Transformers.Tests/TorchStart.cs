using System.Runtime.CompilerServices;
using Tiebreak.Torch;

namespace Tiebreak.Transformers.Tests;

internal static class TorchStart
{
    /// <summary>Tests make tensors themselves, in any order: libtorch must be there before the first.</summary>
    [ModuleInitializer]
    internal static void Start() => TorchRuntime.Start();
}
