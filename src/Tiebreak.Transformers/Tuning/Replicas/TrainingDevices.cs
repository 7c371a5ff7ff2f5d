using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Torch;

namespace Tiebreak.Transformers.Tuning.Replicas;

/// <summary>The devices that a training shares a step among: <c>cuda:0,cuda:1</c>, or <c>cpu,cpu</c> for two parts of the CPU.</summary>
internal static class TrainingDevices
{
    private const int Most = 64;

    /// <summary>The names of the devices, the first of which holds the optimiser.</summary>
    /// <exception cref="InputException">Not a list of devices, or one of them is not on this machine.</exception>
    public static string[] NamesOf(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Length <= Most && Array.TrueForAll(names, name => name is Placement.Cpu))
            return names;
        _ = Devices.Parse(text);
        return names;
    }

    /// <summary>The first device alone: it holds the optimiser, and computes what is not shared.</summary>
    public static Placement FirstOf(Placement placement) => placement with { Device = NamesOf(placement.Device)[0] };

    /// <summary>Threads of the CPU for each device.</summary>
    public static int ThreadsOfEach(Placement placement) => Math.Max(1, placement.Threads / NamesOf(placement.Device).Length);
}
